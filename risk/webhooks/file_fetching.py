"""Fetching files that messages name: each is taken in as one that is sent; then requests are
decided."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from risk.decisions.decide import Decider
from risk.decisions.decision import Decided
from risk.errors import (
    BadInput,
    Conflict,
    Forbidden,
    NotFound,
    RefundRiskError,
    Unavailable,
    UnsupportedMediaType,
)
from risk.evidence.file_intake import EvidenceFiles, Upload
from risk.evidence.file_rows import request_of
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import endpoints, file_fetches
from risk.webhooks.endpoint_setup import mapping_of
from risk.webhooks.file_download import Downloader, NotDownloaded
from risk.webhooks.file_fetches import FileFetch, State
from risk.webhooks.systems import SYSTEMS

_FINAL = (BadInput, UnsupportedMediaType, Conflict, Forbidden)
"""Errors that the same file would meet again."""

MOST_DECIDED = 50
"""So many files are looked at in one turn."""


@dataclass(frozen=True, slots=True)
class FileFetching:
    """Works off the files that wait; any number of processes may do so side by side."""

    history: History
    cipher: SecretCipher
    files: EvidenceFiles
    decider: Decider

    def take(self, limit: int, busy: Collection[tuple[str, str]] = ()) -> list[FileFetch]:
        """The files to be fetched now, not for endpoints that are busy; held for this process."""
        with self.history.read() as connection:
            wanted = file_fetches.due(connection, limit, busy)
        if not wanted:
            return []
        with self.history.write() as write:
            return file_fetches.take(write, wanted)

    async def download(self, one: FileFetch, downloader: Downloader) -> bytes:
        """The file. Raises NotDownloaded."""
        return await downloader.download(one.url(self.cipher))

    def downloader(self, one: FileFetch) -> Downloader:
        """What downloads a file by the settings that its endpoint has now. Raises NotDownloaded
        where there is none any more."""
        with self.history.read() as connection:
            endpoint = endpoints.find(connection, self.cipher, one.system, one.name)
        if endpoint is None:
            raise NotDownloaded("its endpoint was taken away", final=True)
        table = mapping_of(SYSTEMS[one.system], endpoint.mapping)
        return Downloader(table.files, endpoint.private_files, self.files.largest)

    def take_in(self, one: FileFetch, content: bytes) -> None:
        """Take in a file. Raises NotDownloaded where it cannot be."""
        try:
            self.files.take(Upload(one.evidence_id, content), who=f"{one.system}:{one.name}")
        except RefundRiskError as error:
            problems = error.problems if isinstance(error, BadInput) else [error]
            cause = "; ".join(str(problem) for problem in problems)
            raise NotDownloaded(cause, final=isinstance(error, _FINAL)) from None

    def note(self, one: FileFetch, failure: NotDownloaded | None) -> State:
        """Note what became of a file; answers the state that it is in."""
        with self.history.write() as write:
            if failure is None:
                file_fetches.fetched(write, one)
                return "fetched"
            if failure.final:
                file_fetches.refused(write, one, str(failure))
                return "refused"
            return file_fetches.not_yet(write, one, str(failure))

    def decide(self) -> list[Decided]:
        """Decide the requests of files that were tried or came since, each once for all of them."""
        with self.history.read() as connection:
            wanted = file_fetches.undecided(connection, MOST_DECIDED)
        if not wanted:
            return []
        with self.history.write() as write:
            held = file_fetches.hold_undecided(write, wanted)
        by_request: dict[str | None, list[FileFetch]] = {}
        for one in held:
            with self.history.read() as connection:
                refund_id = request_of(connection, one.evidence_id)
            by_request.setdefault(refund_id, []).append(one)
        found = []
        for refund_id, of in by_request.items():
            with suppress(Unavailable):
                found.append(self._decide(refund_id, of))
        return [decided for decided in found if decided is not None]

    def _decide(self, refund_id: str | None, of: list[FileFetch]) -> Decided | None:
        """Decide a request, None where there is none. Raises Unavailable: it is tried again."""
        try:
            decided = self.decider.score_again(refund_id) if refund_id else None
        except (NotFound, Conflict):
            decided = None
        except Unavailable:
            with self.history.write() as write:
                file_fetches.decide_later(write, of)
            raise
        with self.history.write() as write:
            file_fetches.decided(write, of)
        return decided
