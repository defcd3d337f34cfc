"""What a running service notices by itself: another policy, people to forget, words to clear."""

from __future__ import annotations

from dataclasses import dataclass

from api.logs import Log
from risk.cases.acts.pending_findings import store_due
from risk.cases.figures.surge_rows import note_surges
from risk.decisions.after_finding import decide_found
from risk.decisions.decide import Decider
from risk.errors import RefundRiskError, Unavailable
from risk.evidence.object_store import ObjectStore
from risk.history import suppression_list
from risk.history.connection.clock import AHEAD_MS, machine_clock
from risk.history.store import History
from risk.policy import ReloadingPolicies
from risk.privacy import forget
from risk.privacy.evidence_files import drop_expired_files
from risk.privacy.retention import clear_free_text, drop_pushed
from risk.webhooks.inbox import Inbox

REFUSED = "the policy's files were changed and refused; the one before is in force; see the log"


@dataclass(slots=True)
class StoreWatcher:
    """Chores beside the calls; each may fail, and is then done again at its next turn."""

    history: History
    decider: Decider
    reloading: ReloadingPolicies
    log: Log
    inbox: Inbox
    inbox_days: int
    objects: ObjectStore
    free_text_days: int | None = None
    _list_version: int = 0
    _clock_ahead: bool = False

    def take_policy(self) -> None:
        """Decide by the policies of changed files.

        Raises PolicyRefused for those that cannot be taken: the ones before stay in force.
        """
        if self.reloading.reload():
            self.decider.policies = self.reloading.policies
            self.log.info("policy", versions=self.reloading.policies.versions)

    def watch_clock(self) -> None:
        """Log when this machine's clock runs ahead of what can be believed, and when it is back."""
        ahead = machine_clock().ahead_ms()
        if (ahead > AHEAD_MS) != self._clock_ahead:
            self._clock_ahead = not self._clock_ahead
            self.log.error("clock_ahead" if self._clock_ahead else "clock_right", ahead_ms=ahead)

    def check_clock(self) -> None:
        """Raises Unavailable where this machine's clock ran ahead; decisions go on without it."""
        if (ahead := machine_clock().ahead_ms()) > AHEAD_MS:
            raise Unavailable(
                f"this machine's clock ran {ahead / 1000:,.0f} s ahead since the service started: "
                "it is not believed; set it right, or restart the service if it is right now"
            )

    def notes(self) -> dict[str, str]:
        """What an operator should know although everything goes on."""
        return {"policy_refused": REFUSED} if self.reloading.refused else {}

    def reload_suppression_list(self) -> None:
        """Load the suppression list where somebody was forgotten since the last call."""
        with self.history.read() as connection:
            version = suppression_list.version(connection)
            if version == self._list_version:
                return
            entries = suppression_list.entries(connection)
        self.history.hasher.suppression_list.replace_entries(entries)
        self._list_version = version

    def drop_expired_messages(self) -> None:
        """Delete what was pushed, and what is known of repetitions, past its retention."""
        dropped = drop_pushed(self.history, self.inbox_days)
        self.inbox.forget_repetitions()
        if dropped:
            self.log.info("pushed_dropped", messages=dropped)

    def act_on_waiting(self) -> None:
        """Take in what waits for something else to come, and forget whom messages ask to forget."""
        for message_id in self.inbox.waiting():
            try:
                if customer := self.inbox.retry(message_id):
                    forget(self.history, customer, objects=self.objects)
                    self.inbox.close(message_id)
            except RefundRiskError as error:
                self.log.error("message_waits", message=message_id, error=type(error).__name__)

    def note_surges(self) -> None:
        """Keep the surges of requests that are new, for those who are told of them by push."""
        if found := note_surges(self.history):
            self.log.info("surges", count=found)

    def store_findings(self) -> None:
        """Store what reviewers found and can no longer undo, and decide again what was found."""
        store_due(self.history)
        if self.decider.champion is not None:
            decide_found(self.decider)

    def clear_expired_text(self) -> None:
        """Delete free text and files past their retention, where one is set."""
        if self.free_text_days is not None:
            cleared = clear_free_text(self.history, self.free_text_days)
            gone = drop_expired_files(self.history, self.free_text_days, self.objects)
            cleared["originals"] = gone
            if any(cleared.values()):
                self.log.info("words_cleared", **cleared)
