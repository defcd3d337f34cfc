"""Case management: the reviewers' queue, actions on cases, case view, block list, dossier."""

from risk.cases.actor import Actor
from risk.cases.acts.actions import (
    REQUESTABLE_EVIDENCE,
    add_note,
    appeal,
    call_customer,
    claim,
    escalate,
    look_at_score,
    record_finding,
    release,
    request_evidence,
)
from risk.cases.acts.block_list import add_list_entry, appeal_list_entry, end_list_entry
from risk.cases.acts.correcting import correct_finding, may_correct
from risk.cases.acts.handing_over import hand_over, hand_to_team
from risk.cases.acts.offering import offer_alternative
from risk.cases.acts.pending_findings import hold_finding, undo_finding
from risk.cases.acts.review_finding import ReviewFinding
from risk.cases.lists.queue import QueuePage, queue, read_filters
from risk.cases.lists.queue_rows import Filters
from risk.cases.record.case_view import CaseView, view_case
from risk.cases.record.closing import ClosedBecause, closed_because
from risk.cases.steps.approvals import Approval, approvals_to_do

__all__ = [
    "REQUESTABLE_EVIDENCE",
    "Actor",
    "Approval",
    "CaseView",
    "ClosedBecause",
    "Filters",
    "QueuePage",
    "ReviewFinding",
    "add_list_entry",
    "add_note",
    "appeal",
    "appeal_list_entry",
    "approvals_to_do",
    "call_customer",
    "claim",
    "closed_because",
    "correct_finding",
    "end_list_entry",
    "escalate",
    "hand_over",
    "hand_to_team",
    "hold_finding",
    "look_at_score",
    "may_correct",
    "offer_alternative",
    "queue",
    "read_filters",
    "record_finding",
    "release",
    "request_evidence",
    "undo_finding",
    "view_case",
]
