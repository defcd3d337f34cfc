"""The reviewers' side: cases, the queue, what is done on them, and what they consist of."""

from risk.cases.actions import ASKABLE, appeal, ask, claim, escalate, find, note, release
from risk.cases.actor import Actor
from risk.cases.block_list import enlist, withdraw
from risk.cases.finding import Finding
from risk.cases.queue import Page, queue, read_filters
from risk.cases.queue_rows import Filters
from risk.cases.view import CaseView, case

__all__ = [
    "ASKABLE",
    "Actor",
    "CaseView",
    "Filters",
    "Finding",
    "Page",
    "appeal",
    "ask",
    "case",
    "claim",
    "enlist",
    "escalate",
    "find",
    "note",
    "queue",
    "read_filters",
    "release",
    "withdraw",
]
