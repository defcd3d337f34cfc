"""The kinds of catalogue entries: each makes a `Feature` from one line, its name derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from risk.facts.localised import LANGUAGES
from risk.facts.units import DAY_MS, MONEY_UNIT
from risk.features.counting import Against
from risk.features.measures import counted, moment, window_of
from risk.features.own_parcels import EACH_PARCEL, PARCELS
from risk.features.ring import ring
from risk.features.spec import Family, Feature, Formula, Measure, Unit, hashed, none_of
from risk.features.window_words import window_words

MONEY = 1 / MONEY_UNIT
FINDING_DAYS = 730
"""A finding of abuse lapses after 24 months."""

NEARLY_ALL = 0.9
"""Who asks for so much of what was paid asks for all of it."""

Text = tuple[str, str] | tuple[str, str, str, str]
"""A sentence in English and in Chinese; `{value}` is the number, `{window}` the window; in a share
`{value}` is its part and `{whole}` the count behind it. After them, where grammar would make it
clumsy, the sentences for zero, or for a no; empty where zero may also mean that nothing is known."""


def _texts(text: Text, days: int | None) -> dict[str, str]:
    windows = window_words(days)
    names = (*LANGUAGES, *(none_of(language) for language in LANGUAGES))
    return {
        name: words.replace("{window}", windows[at % 2])
        for at, (name, words) in enumerate(zip(names, text, strict=False))
    }


def _name(stem: str, days: int | None) -> str:
    return stem if days is None else f"{stem}_{days}d"


def retired(feature: Feature) -> Feature:
    """The feature, for models that were trained with it; new models are trained without."""
    return replace(feature, retired=True)


class Kinds:
    """Constructors for the entries of one family."""

    def __init__(self, family: Family) -> None:
        self.family = family

    def _make(
        self,
        name: str,
        formula: Formula,
        measures: tuple[Measure, ...],
        unit: Unit,
        text: dict[str, str],
        risk: int,
        params: tuple[float, ...] = (),
        story: str = "",
    ) -> Feature:
        feature = Feature(
            name, self.family, formula, measures, unit, text, risk, params, story=story or name
        )
        return hashed(feature)

    def value(
        self, name: str, sql: str, text: Text, *, unit: Unit, risk: int = 0, scale: float = 1.0
    ) -> Feature:
        """A number the case itself carries: an expression over the spine `s`."""
        measure = Measure("case", "value", f"CAST({sql} AS BIGINT)")
        return self._make(name, "copy", (measure,), unit, _texts(text, None), risk, (scale,))

    def count(
        self, what: str, text: Text, *, of: str, where: str = "", days: int | None = None,
        distinct: str = "", risk: int = 0, story: str = "",
    ) -> Feature:  # fmt: skip
        """How many rows of group `of` (or distinct values of a column) within a window."""
        measure = Measure(
            of, "distinct" if distinct else "count", distinct or "1", where, window_of(days)
        )
        return self._make(
            _name(what, days), "copy", (measure,), "count", _texts(text, days), risk, (1.0,), story
        )

    def here(
        self, name: str, text: Text, *, of: str, rows: Against, days: int | None, story: str
    ) -> Feature:
        """How many rows of group `of` against a customer count at this shop (see `counting`)."""
        window = window_of(days)
        measures = (
            Measure(of, "count", "1", rows.anywhere, window),
            Measure(of, "count", "1", rows.here, window),
            Measure(of, "count", "1", rows.by_shop, window),
            Measure(of, "distinct", "e.merchant_id", rows.by_shop, window),
        )
        return self._make(
            _name(name, days), "live", measures, "count", _texts(text, days), 1, (), story
        )

    def unseen(self, name: str, text: Text, *, of: str, column: str) -> Feature:
        """Whether the case has another value in a column than all rows of a group have, which have
        one and the same. Of who often changes it, one more change says nothing.

        No model learns from it: whoever changes things is as honest as before. The policy reads it.
        """
        measures = (
            Measure(of, "count", "1", f"e.{column} = s.{column}"),
            Measure(of, "count", "1", f"e.{column} <> s.{column}"),
            Measure(of, "distinct", f"e.{column}", f"e.{column} <> s.{column}"),
        )
        made = self._make(name, "unseen", measures, "flag", _texts(text, None), 0, ())
        return retired(made)

    def within_ring(
        self, name: str, text: Text, column: str, *, risk: int = 0, unit: Unit = "count",
        scale: float = 1.0, story: str = "ring",
    ) -> Feature:  # fmt: skip
        """A number over the customers of the ring (see `ring.RING_COLUMNS`)."""
        return self._make(
            name, "copy", (ring(column),), unit, _texts(text, None), risk, (scale,), story
        )

    def total(
        self, what: str, text: Text, *, of: str, column: str = "e.amount",
        where: str = "e.currency = s.currency", days: int | None = None, risk: int = 0,
        unit: Unit = "money", scale: float = MONEY,
    ) -> Feature:  # fmt: skip
        """A sum of whole numbers; money in the case's own currency only, in major units."""
        measure = Measure(of, "sum", column, where, window_of(days))
        return self._make(
            _name(what, days), "copy", (measure,), unit, _texts(text, days), risk, (scale,)
        )

    def extreme(
        self, name: str, text: Text, *, of: str, take: str, column: str, where: str = "",
        unit: Unit, scale: float = 1.0, risk: int = 0,
    ) -> Feature:  # fmt: skip
        """The least (`min`) or greatest (`max`) value of a column; unknown where there is none."""
        measure = Measure(of, "min" if take == "min" else "max", column, where)
        return self._make(name, "copy", (measure,), unit, _texts(text, None), risk, (scale,))

    def share(
        self, what: str, text: Text, *, part: Measure, whole: Measure, prior: tuple[float, float],
        risk: int = 0, story: str = "",
    ) -> Feature:  # fmt: skip
        """part / whole, smoothed towards prior[0] / prior[1] as if that many had been seen."""
        days = None if part.window is None else part.window // DAY_MS
        return self._make(
            _name(what, days), "share", (part, whole), "share", _texts(text, days), risk, prior,
            story,
        )  # fmt: skip

    def net(
        self, what: str, text: Text, *, part: Measure, less: Measure, risk: int, story: str
    ) -> Feature:
        """part - less, and at least nothing."""
        days = None if part.window is None else part.window // DAY_MS
        return self._make(
            _name(what, days), "net", (part, less), "count", _texts(text, days), risk, (), story
        )

    def net_share(
        self, what: str, text: Text, *, part: Measure, less: Measure, whole: Measure,
        prior: tuple[float, float], risk: int, story: str, days: int | None = None,
    ) -> Feature:  # fmt: skip
        """What `net` makes of part and less / whole, smoothed as `share` does; `days` names it."""
        name, texts, measures = _name(what, days), _texts(text, days), (part, whole, less)
        return self._make(name, "net_share", measures, "share", texts, risk, prior, story)

    def elapsed(
        self, name: str, text: Text, *, until: Measure, since: Measure, unit_ms: int, risk: int = 0
    ) -> Feature:
        """Time between two moments in the unit given; unknown where either is."""
        unit: Unit = "days" if unit_ms == DAY_MS else "hours"
        return self._make(
            name, "elapsed", (until, since), unit, _texts(text, None), risk, (float(unit_ms),)
        )

    def all_came(
        self, name: str, text: Text, *, where: str, risk: int = 0, story: str = ""
    ) -> Feature:
        """How many events of parcels; none where one of several had come by the request and another
        had not (see `own_parcels`)."""
        measures, texts = (counted(PARCELS, where), *EACH_PARCEL), _texts(text, None)
        return self._make(name, "all_came", measures, "count", texts, risk, (), story)

    def all_came_elapsed(
        self, name: str, text: Text, *, until: Measure, since: Measure, unit_ms: int, story: str
    ) -> Feature:  # fmt: skip
        """Time between two moments in hours or days; unknown there as well (see `all_came`)."""
        unit: Unit = "days" if unit_ms == DAY_MS else "hours"
        measures, texts = (until, since, *EACH_PARCEL), _texts(text, None)
        params = (float(unit_ms),)
        return self._make(name, "all_came_elapsed", measures, unit, texts, 0, params, story)

    def if_whole(
        self, name: str, text: Text, *, of: Measure, asked: Measure, paid: Measure, risk: int
    ) -> Feature:
        """A count of two or more where nearly all that was paid is asked for, else none."""
        measures, texts = (of, asked, paid), _texts(text, None)
        return self._make(name, "if_whole", measures, "count", texts, risk, (NEARLY_ALL,))

    def pace(self, name: str, text: Text, *, of: Measure, since: Measure, days: int) -> Feature:
        """A count for each so many days since a moment; unknown where that is."""
        measures = (of, moment("s.as_of"), since)
        params = (float(days * DAY_MS),)
        return self._make(name, "pace", measures, "ratio", _texts(text, None), 0, params)

    def against(
        self, name: str, text: Text, *, part: Measure, whole: Measure, usual_part: Measure,
        usual_whole: Measure,
    ) -> Feature:  # fmt: skip
        """part / whole in terms of what is usual; unknown where either whole, or the usual part, is
        nothing."""
        measures = (part, whole, usual_part, usual_whole)
        return self._make(name, "against", measures, "ratio", _texts(text, None), 0)

    def ratio(
        self, name: str, text: Text, *, part: Measure, whole: Measure, unit: Unit = "ratio",
        risk: int = 0, story: str = "",
    ) -> Feature:  # fmt: skip
        """part / whole as it is; unknown where whole is nothing."""
        texts = _texts(text, None)
        return self._make(name, "ratio", (part, whole), unit, texts, risk, story=story)

    def before(
        self, name: str, text: Text, *, first: Measure, then: Measure, risk: int = 0,
        unknown: float = 0.0, story: str = "",
    ) -> Feature:  # fmt: skip
        """1 where `first` happened before `then`; `unknown` where only `first` is known."""
        return self._make(
            name, "before", (first, then), "flag", _texts(text, None), risk, (unknown,), story
        )

    def came_after(
        self, name: str, text: Text, *, either: tuple[Measure, Measure], then: Measure
    ) -> Feature:
        """1 where one of `either` happened before `then`, or where `then` is not known."""
        measures = (*either, then)
        return self._make(name, "came_after", measures, "flag", _texts(text, None), 1, (1.0,))


def over(days: Iterable[int | None], make: Callable[[int | None], Feature]) -> list[Feature]:
    """The same entry over several windows."""
    return [make(window) for window in days]
