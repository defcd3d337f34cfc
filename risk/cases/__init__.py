"""The reviewers' side: cases, the queue, what is done on them, and what they consist of."""

from risk.cases.acting import ASKABLE, appeal, ask, claim, escalate, find, note, release
from risk.cases.actor import Actor
from risk.cases.finding import Finding
from risk.cases.listing import enlist, withdraw
from risk.cases.noting import note_decision
from risk.cases.queue import Page, queue, read_filters
from risk.cases.view import CaseView, case
from risk.history.cases.queue import Filters

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
    "note_decision",
    "queue",
    "read_filters",
    "release",
    "withdraw",
]
