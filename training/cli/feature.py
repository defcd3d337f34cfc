"""The command `explain-feature`: a feature's definition, its SQL, its value with provenance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from training.cli.shell import moment_of, one_line_errors, out, store

if TYPE_CHECKING:
    from risk.features.spec import Feature, Measure
    from risk.history.reading.provenance import MeasureProvenance

SHOWN = 20
DIRECTIONS = {1: "more of it may only raise the risk", -1: "more of it may only lower the risk",
              0: "free to speak either way"}  # fmt: skip
FORMULAS = {
    "copy": "m0 × {0}",
    "share": "(m0 + {0}) / (m1 + {1})",
    "elapsed": "(m0 − m1) / {0}",
    "ratio": "m0 / m1, unknown where m1 is nothing",
    "net": "m0 − m1, at least 0",
    "net_share": "(m0 − m2, at least 0, + {0}) / (m1 + {1})",
    "all_came": "m0, 0 where some of several parcels had come and another had not (m1 to m5)",
    "all_came_elapsed": "(m0 − m1) / {0}, unknown where some of several parcels had come and "
    "another had not (m2 to m6)",
    "if_whole": "m0 where it is 2 or more and m1 at least m2 × {0}, else 0",
    "pace": "m0 × {0} / (m1 − m2), unknown where that is nothing",
    "against": "m0 × m3 / (m1 × m2), unknown where that is nothing",
    "came_after": "1 where m0 or m1 < m2, else 0; {0} where m2 is not known",
    "live": "m0 + m2 where m3 is 2 or more, else m0 + m1",
    "unseen": "1 where m0 is 0, m1 more and m2 is 1, else 0",
    "before": "1 where m0 < m1, else 0; {0} where only m0 is known",
}
SEEN = {"case": "the request and its order themselves", "ring": "the ring of linked customers"}


@one_line_errors
def explain_feature(
    name: Annotated[str, typer.Argument(help="The feature's name.")],
    refund: Annotated[str, typer.Option(help="A stored request, to see its value.")] = "",
    as_of: Annotated[
        str, typer.Option(help="The moment, ISO 8601 with an offset; default: as it was asked.")
    ] = "",
) -> None:
    """A feature's definition in words, its SQL, and its value with the facts that made it."""
    from risk.errors import BadInput, NotFound, Problem
    from risk.features.catalog import catalogue

    if as_of and not refund:
        raise BadInput([Problem("--as-of", None, None, "a request, with --refund")])
    known = {feature.name: feature for feature in catalogue()}
    if name not in known:
        near = ", ".join(get_close_matches(name, known, 3, 0.4))
        raise NotFound(f"no feature {name}" + (f"; is it one of {near}?" if near else ""))
    _define(known[name])
    if refund:
        _value(known[name], refund, as_of)


def _define(feature: Feature) -> None:
    from risk.explain.feature_title import feature_title
    from risk.features.point import point_query

    for language in ("en", "zh"):
        out.print(feature_title(feature, language), markup=False)
    numbers = [f"{p:g}" for p in feature.params]
    _print_field("name", feature.name)
    _print_field("family", feature.family)
    _print_field("unit", feature.unit)
    _print_field("direction", DIRECTIONS[feature.monotone])
    _print_field("cold start", _shown(feature.cold_start))
    _print_field("definition", f"{feature.hash}{' (retired)' if feature.retired else ''}")
    _print_field("formula", FORMULAS[feature.formula].format(*numbers, *["", ""]))
    for i, measure in enumerate(feature.measures):
        _print_field(f"m{i}", _words(measure))
        if measure.group != "ring":
            out.print(point_query(measure.group, [measure]), style="dim", markup=False)


def _words(measure: Measure) -> str:
    """A measure as a sentence."""
    from risk.facts.units import DAY_MS
    from risk.features.sources import BOUND, GROUPS

    if measure.group in SEEN:
        return f"{measure.value} of {SEEN[measure.group]}"
    group = GROUPS[measure.group]
    what = {"count": "how many rows", "distinct": f"how many different {measure.value}"}
    aggregate = what.get(measure.aggregate, f"the {measure.aggregate} of {measure.value}")
    source, entity = measure.group.replace("_", " ").split("@")
    parts = [f"{aggregate} of {source} of the same {entity}"]
    parts += [f"where {measure.where}"] if measure.where else []
    parts += [_left_out(group.skip)] if group.skip else []
    seen = "known by then" if group.own else "known before"
    if measure.window is not None:
        seen = f"known in the {measure.window / DAY_MS:g} days before"
    return ", ".join([*parts, seen, f"the latest {BOUND} at most"])


def _left_out(skip: str) -> str:
    """Which rows of a group count, in words, from the condition that they meet."""
    from risk.features.sources import SETTLED, stands

    words = {
        "e.refund_id <> s.refund_id": "leaving out the request itself",
        "e.order_id <> s.order_id": "leaving out the order itself",
        "e.customer_id <> s.customer_id": "leaving out the customer's own",
        "e.customer_id = s.customer_id": "by the same customer",
        stands(): "that stand",
        stands(SETTLED): "that stand",
    }
    told = [said for condition, said in words.items() if condition in skip]
    return ", ".join(told) or f"where {skip}"


def _value(feature: Feature, refund: str, as_of: str) -> None:
    from risk.errors import NotFound
    from risk.facts.format import iso
    from risk.history.reading.provenance import provenance_of, value_of

    with store() as history, history.read() as connection:
        at = moment_of(as_of)
        spine = history.reader.spine(connection, refund, at or 0)
        if spine is None:
            raise NotFound(f"no refund request {refund}")
        if at is None:
            at = int(spine["requested_at"])
            spine = history.reader.spine(connection, refund, at) or spine
        measures = provenance_of(connection, spine, feature)
    out.print()
    _print_field("request", f"{refund} as of {iso(at)}")
    value = value_of(feature, measures)
    _print_field("value", _shown(value))
    for told in _sentences(feature, value, measures):
        _print_field("told as", told)
    for i, one in enumerate(measures):
        _print_field(f"m{i}", "unknown" if one.value is None else str(one.value))
        _print_facts(one)


def _sentences(feature: Feature, value: float, measures: Sequence[MeasureProvenance]) -> list[str]:
    """What a reviewer would read of the value, in both languages; nothing where it is no fact."""
    from risk.explain.sentences import sentence
    from risk.facts.units import MONEY_UNIT

    whole = None
    if feature.formula == "share" and measures[1].value is not None:
        unit = MONEY_UNIT if measures[1].measure.aggregate == "sum" else 1
        whole = measures[1].value / unit
    told = sentence(feature, value, whole=whole)
    return [told["en"], told["zh"]] if told else []


def _print_facts(one: MeasureProvenance) -> None:
    for fact in one.facts[:SHOWN]:
        known = ", ".join(f"{k}={_plain(k, v)}" for k, v in fact.items() if v is not None)
        out.print(f"    {known}", markup=False)
    if len(one.facts) > SHOWN:
        out.print(f"    … and {len(one.facts) - SHOWN} more")


def _plain(column: str, value: Any) -> str:
    from risk.facts.format import iso, money

    if column.endswith("_at") or column == "stands_until":
        return iso(value)
    return money(value) if column == "amount" else str(value)


def _shown(value: float) -> str:
    return "unknown" if math.isnan(value) else f"{value:.6g}"


def _print_field(what: str, text: str) -> None:
    out.print(f"{what + ':':<12}{text}", markup=False)
