"""What every entry of the catalogue owes its readers, held to each of them."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from risk.errors import CatalogueError
from risk.facts.units import DAY_MS
from risk.features.backfill import backfill, offline
from risk.features.catalog import catalogue, feature
from risk.features.compile import check, expression, measures_of, set_query
from risk.features.derived import STREAMS
from risk.features.entries import Kinds
from risk.features.file_sources import CASE_FILES, COPIES, REUSES
from risk.features.finish import finisher
from risk.features.point import point_query
from risk.features.source_columns import SOURCES, SPINE_COLUMNS, SPINE_TEXT
from risk.features.sources import GROUPS
from risk.features.spec import FAMILIES, NO_REASON_FAMILIES, Feature, Measure, Unit, hashed
from risk.features.window_words import window_words
from tests.rendering import by_duckdb, differences, tables
from tests.worlds import DAY, START, Fact, Shape, seeded, stored

ENTRIES = [pytest.param(f, id=f.name) for f in catalogue()]
OF_THE_REASON = re.compile(
    r"\bs\.(reason_code|text_\w+|near_\d|specificity|hedging|contradiction|irrelevance|story"
    r"|agitated|claims_received)\b"
)
OF_THE_PROOF = ("evidence@case", "evidence@photo", "sightings@text")


def test_the_catalogue_covers_every_family_with_eighty_entries_and_more() -> None:
    assert len(catalogue()) >= 80
    assert {f.family for f in catalogue()} == set(FAMILIES)


@pytest.mark.parametrize("entry", ENTRIES)
def test_its_name_is_derived_and_plain(entry: Feature) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", entry.name)
    windows = {m.window for m in entry.measures if m.window is not None}
    ending = re.search(r"_(\d+)d$", entry.name)
    if ending and windows:
        assert int(ending[1]) * DAY_MS in windows
    assert feature(entry.name) is entry


@pytest.mark.parametrize("entry", ENTRIES)
def test_it_is_documented_in_both_languages(entry: Feature) -> None:
    own = {"en_none", "zh_none"} & set(entry.text)
    assert set(entry.text) - own == {"en", "zh"}
    assert len(own) in (0, 2)
    whole = "{whole}" if entry.is_share else ""
    assert not any("{" in entry.text[name].replace(whole, "") for name in own)
    english, chinese = entry.text["en"], entry.text["zh"]
    assert re.search(r"[一-鿿]", chinese)
    assert not re.search(r"[一-鿿]", english)
    assert english.count("{value}") == chinese.count("{value}") <= 1
    assert english.count("{whole}") == chinese.count("{whole}") <= entry.is_share
    assert not re.search(r"\{(?!(value|whole)\})", english + chinese)
    if entry.unit != "flag" and entry.formula != "before":
        days = {m.window // DAY_MS for m in entry.measures if m.window is not None}
        told = {d: window_words(d)[0] for d in days if f"_{d}d" in entry.name}
        assert all(str(d) in english or words in english for d, words in told.items())


@pytest.mark.parametrize("entry", ENTRIES)
def test_it_is_typed(entry: Feature) -> None:
    assert entry.family in FAMILIES
    assert entry.unit in get_args(Unit)
    assert entry.monotone in (-1, 0, 1)
    assert entry.story
    assert isinstance(entry.cold_start, float)


@pytest.mark.parametrize("entry", ENTRIES)
def test_its_hash_is_its_definition(entry: Feature) -> None:
    assert hashed(entry).hash == entry.hash
    reworded = replace(entry, text={"en": "other", "zh": "别的"}, monotone=0, story="x")
    assert hashed(reworded).hash == entry.hash
    measure = entry.measures[0]
    for other in (
        replace(entry, params=(*entry.params, 1.0)),
        replace(entry, name=entry.name + "_too"),
        replace(entry, measures=(replace(measure, where="e.known_at > 0"), *entry.measures[1:])),
        replace(entry, measures=(replace(measure, window=DAY_MS * 1_000), *entry.measures[1:])),
    ):
        assert hashed(other).hash != entry.hash


def test_hashes_are_unique_and_the_same_in_another_process() -> None:
    hashes = [f.hash for f in catalogue()]
    assert len(set(hashes)) == len(hashes)
    code = "from risk.features.catalog import catalogue; print(*[f.hash for f in catalogue()])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == hashes


@pytest.mark.parametrize("entry", ENTRIES)
def test_reason_and_proof_stay_in_their_families(entry: Feature) -> None:
    spoken = " ".join(f"{m.value} {m.where}" for m in entry.measures)
    groups = {m.group for m in entry.measures}
    if OF_THE_REASON.search(spoken) or groups & set(OF_THE_PROOF):
        assert entry.family not in NO_REASON_FAMILIES


def test_the_lane_without_a_reason_is_blind_to_reason_and_proof() -> None:
    facts = stored(seeded(4, Shape(facts=600, customers=8, steps=60)))
    asked = [(r["refund_id"], START + 50 * DAY, "request") for r in facts["refunds"][:30]]
    told = {"reason_code": "unwanted", "claims_received": 1, "story": 3, "topics": 5, "hedging": 9,
            "text_length": 7, "specificity": 900, "contradiction": 2, "agitated": 1,
            "irrelevance": 5, "text_exact": 11, "near_1": 12, "near_2": 13}  # fmt: skip
    blind = [f for f in catalogue() if f.family in NO_REASON_FAMILIES]
    before = by_duckdb(facts, asked, catalogue())
    places = [i for i, f in enumerate(catalogue()) if f.family in NO_REASON_FAMILIES]
    for i, (refund, _, _) in enumerate(asked[:3]):
        other = {
            **facts,
            "refunds": [{**r, **told} if r["refund_id"] == refund else r for r in facts["refunds"]],
            "evidence": [e for e in facts["evidence"] if e["refund_id"] != refund],
        }
        after = by_duckdb(other, [asked[i]], catalogue())
        assert not np.array_equal(before[[i]], after, equal_nan=True)
        assert differences(before[[i]][:, places], after[:, places], blind, [asked[i]]) == []


def test_its_cold_start_is_what_an_empty_history_gives() -> None:
    positions = {
        m: i for i, m in enumerate(m for g in measures_of(catalogue()).values() for m in g)
    }
    nothing = finisher(catalogue(), positions)(np.array([[m.empty for m in positions]]))[0]
    for entry, value in zip(catalogue(), nothing.tolist(), strict=True):
        assert value == entry.cold_start or np.isnan([value, entry.cold_start]).all(), entry.name


def test_a_first_request_meets_cold_starts_only() -> None:
    """A first order and request of a new customer: whatever looks at others finds nothing."""
    order: Fact = {"order_id": "O", "customer_id": "C", "placed_at": START, "amount": "80",
                   "sku": "S", "category": "toys", "merchant_id": "M", "device_id": "D",
                   "shipping_address": "1 Example Road", "phone": "13800000000"}  # fmt: skip
    request: Fact = {"refund_id": "R", "order_id": "O", "requested_at": START + DAY,
                     "amount": "80", "reason_code": "damaged", "payout_account": "P"}  # fmt: skip
    facts = stored({"orders": [order], "refunds": [request]})
    row = by_duckdb(facts, [("R", START + DAY, "request")], catalogue())[0]
    own = {"case", *(name for name, group in GROUPS.items() if group.own or group.exact)}
    for entry, value in zip(catalogue(), row.tolist(), strict=True):
        if not {m.group for m in entry.measures} & own:
            assert value == entry.cold_start or np.isnan([value, entry.cold_start]).all(), (
                entry.name
            )


ROWS = {"case_files": CASE_FILES, "copies": COPIES, "reuses": REUSES}
"""Sources that are read from others, not stored."""


def test_the_columns_written_down_are_those_of_the_tables() -> None:
    with offline(tables(stored(seeded(0, Shape(facts=40)))), threads=1) as db:
        for source, columns in SOURCES.items():
            read = ROWS.get(source, source)
            found = {row[0] for row in db.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()}
            assert columns <= found, source
            if source in STREAMS:
                assert columns | {"valid_from", "valid_to"} == found, source
        asked = tables({})["refunds"].select(["refund_id"])
        asked = asked.append_column("row_id", asked["refund_id"].cast("int64"))
        asked = asked.append_column("as_of", asked["row_id"]).append_column(
            "stage", asked["refund_id"]
        )
        spine = backfill(db, asked, catalogue()[:1]).spine.schema
        assert set(spine.names) == SPINE_COLUMNS
        assert {field.name for field in spine if field.type == "string"} == SPINE_TEXT


F = Kinds("reason")
GOOD = F.count("fine", ("{value} things", "{value}件"), of="requests@customer")
BROKEN = {
    "no group": F.count("broken", ("a", "一"), of="requests@nobody"),
    "no column 'colour'": F.count("broken", ("a", "一"), of="requests@sku", where="e.colour = 1"),
    "has no column 'mood'": F.value("broken", "s.mood", ("a", "一"), unit="count"),
    "longer than nothing": F.count("broken", ("a", "一"), of="requests@customer", days=0),
    "no sentence in 'zh'": F.count("broken", ("a", ""), of="requests@customer"),
    "no sentence in 'en'": F.count("broken", ("", "一"), of="requests@customer"),
    "the ring has no 'friends'": F.within_ring("broken", ("a", "一"), "friends"),
    "without a window": replace(GOOD, name="broken", measures=(Measure("case", "count"),)),
}  # fmt: skip


@pytest.mark.parametrize("cause", BROKEN)
def test_an_entry_that_cannot_be_compiled_is_named(cause: str) -> None:
    with pytest.raises(CatalogueError, match=f"(?s)^broken.*{cause}"):
        check([GOOD, BROKEN[cause]])


def test_two_entries_of_one_name_are_refused() -> None:
    with pytest.raises(CatalogueError, match=r"^fine: the name is taken"):
        check([GOOD, GOOD])


def test_both_renderings_hold_every_measure_once() -> None:
    for name, measures in measures_of(catalogue()).items():
        if name == "ring":
            continue
        assert len(set(measures)) == len(measures)
        for measure in measures:
            assert expression(measure) in set_query(name, measures)
        assert point_query(name, measures).count(" AS m") == len(measures)
