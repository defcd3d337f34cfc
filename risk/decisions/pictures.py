"""What is known of the pictures that a customer gave: used before, or taken before the order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from risk.decisions.case_records import OwnRows, Proof
from risk.facts.units import CLOCK_GRACE
from risk.policy.situation import PictureDoubt


class Doubts(NamedTuple):
    """How many times a customer gave doubtful pictures, what is doubtful of them, and whether the
    customer wrote something after them."""

    times: int = 0
    kinds: tuple[PictureDoubt, ...] = ()
    words: bool = False

    @property
    def older(self) -> bool:
        """Whether all that is doubtful is that they were taken before the order."""
        return self.kinds == ("older",)

    def facts(self) -> dict[str, Any]:
        """What the policy knows of them, by the names of a Situation."""
        return {
            "doubtful_pictures": self.times,
            "older_pictures": self.older,
            "picture_doubts": self.kinds,
            "picture_words": self.words,
        }


def given_evidence(own: OwnRows, placed_at: int | None = None) -> tuple[tuple[str, str], ...]:
    """(kind, submitted_by) of each item. What a merchant filmed well after the parcel had left,
    took well before the order, or gave for another order before, shows nothing of it: it counts as
    no answer."""
    left = [parcel.occurred_at for parcel in own.parcels if parcel.direction == "outbound"]
    comes_back = any(parcel.direction == "return" for parcel in own.parcels)
    latest = min(left) + CLOCK_GRACE if left and not comes_back else None
    return tuple(
        (
            "unanswered" if _shows_nothing(item, placed_at, latest) else item.kind,
            item.submitted_by,
        )
        for item in own.evidence
    )


def _shows_nothing(item: Proof, placed_at: int | None, latest: int | None) -> bool:
    """Whether a merchant's picture or film is of something else; a document, such as the invoice of
    a supplier, may be about many orders."""
    if item.submitted_by != "merchant" or item.kind not in ("photo", "video"):
        return False
    late = item.kind == "video" and latest is not None and (item.captured_at or 0) > latest
    return late or _before(item, placed_at) or item.shown_elsewhere is not None


def _before(item: Proof, placed_at: int | None) -> bool:
    """Whether an item was taken well before the order was placed."""
    if placed_at is None or item.captured_at is None:
        return False
    return item.captured_at < placed_at - CLOCK_GRACE


def doubtful_pictures(
    evidence: Sequence[Proof], placed_at: int | None, *, used_by_others: bool
) -> Doubts:
    """How many times the customer gave doubtful pictures, none once the latest are not.

    Pictures that came together are one time. They are doubtful where somebody unrelated gave one of
    them before (`used_by_others`, and the customer was not the first to give it), or anybody else
    for another article; where one says of itself, verifiably, that a machine made it; or where all
    that were given so far were taken well before the order: beside a picture of the article, an
    older one says nothing.
    """
    if not evidence:
        return Doubts()
    given = [p for p in evidence if p.submitted_by == "customer" and p.kind in ("photo", "video")]
    fresh = doubtful = False
    kinds: set[PictureDoubt] = set()
    times = 0
    for _, together in groupby(given, key=lambda picture: picture.known_at):
        pictures = list(together)
        foreign = [_foreign(one, used_by_others=used_by_others) for one in pictures]
        own = [one for one, kind in zip(pictures, foreign, strict=True) if kind is None]
        borrowed = len(own) < len(pictures)
        fresh = fresh or not all(_before(one, placed_at) for one in own)
        kinds.update(kind for kind in foreign if kind is not None)
        doubtful = borrowed or not fresh
        times += doubtful
    if not doubtful:
        return Doubts()
    older: set[PictureDoubt] = set() if fresh or not own else {"older"}
    return Doubts(times, tuple(sorted(kinds | older)), _wrote_after(evidence, given[-1].known_at))


def _wrote_after(evidence: Sequence[Proof], moment: int) -> bool:
    """Whether the customer wrote something after a moment (ms)."""
    chats = (one for one in evidence if (one.kind, one.submitted_by) == ("chat", "customer"))
    return any(one.known_at > moment for one in chats)


def _foreign(picture: Proof, *, used_by_others: bool) -> PictureDoubt | None:
    """Why a picture is not one that the customer took, if so."""
    if picture.generated:
        return "generated"
    borrowed = used_by_others and picture.first_seen is not None
    return "elsewhere" if borrowed or picture.another else None
