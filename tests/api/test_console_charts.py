"""Dates, money and spans as people write them; where things stand in the drawings."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.console.charts.days import bars, cut_day, spark
from api.console.charts.network import COLUMNS, network
from api.console.charts.strip import strip
from api.console.charts.waterfall import waterfall
from api.console.localisation import Locale
from api.console.session import safe_address
from risk.cases.figures.overview import DailyTiers
from risk.cases.record.timeline_entry import EntryKind, TimelineEntry
from risk.history.reading.ring_links import LinkedCustomer, Links
from risk.policy import TIERS

EN, ZH = Locale("en", "Europe/Paris"), Locale("zh", "Asia/Shanghai")
SPRING = 1_774_746_000_000  # 2026-03-29T01:00:00Z, as Paris puts its clocks on
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
THING = {"door": "Door", "payment": "Card"}


def test_times_on_the_readers_clock_over_a_change_of_it() -> None:
    assert EN.time(SPRING - 1) == "29 Mar 2026 01:59"
    assert EN.time(SPRING) == "29 Mar 2026 03:00"
    assert ZH.time(SPRING) == "2026年3月29日 09:00"
    assert EN.iso(SPRING) == "2026-03-29T03:00:00+02:00"
    assert EN.day(SPRING).startswith("29 Mar"), "with its year, once that is another"
    assert ZH.day(SPRING).endswith("3月29日")


@pytest.mark.parametrize(
    ("amount", "currency", "en", "zh"),
    [
        (1_999_000, "CNY", "CN¥199.90", "¥199.90"),
        (12_345_678_900, "USD", "$1,234,567.89", "US$1,234,567.89"),
        (50_000_000, "JPY", "¥5,000", "JP¥5,000"),
        (0, "SEK", "SEK\N{NO-BREAK SPACE}0.00", "SEK\N{NO-BREAK SPACE}0.00"),
    ],
)
def test_money_by_locale(amount: int, currency: str, en: str, zh: str) -> None:
    assert EN.money(amount, currency) == en
    assert ZH.money(amount, currency) == zh


@pytest.mark.parametrize(
    ("ms", "en", "zh"),
    [
        (0, "0 min left", "剩余 0 分"),
        (59_999, "0 min left", "剩余 0 分"),
        (HOUR, "1 h left", "剩余 1 小时"),
        (5 * HOUR + 12 * MINUTE, "5 h 12 min left", "剩余 5 小时 12 分"),
        (2 * DAY + 3 * HOUR + MINUTE, "2 d 3 h left", "剩余 2 天 3 小时"),
        (DAY + 5 * MINUTE, "1 d left", "剩余 1 天"),
        (-90 * MINUTE, "1 h 30 min overdue", "已超时 1 小时 30 分"),
    ],
)
def test_time_left(ms: int, en: str, zh: str) -> None:
    assert (EN.left(ms), ZH.left(ms)) == (en, zh)


def test_percentages_never_say_zero_for_little() -> None:
    assert [EN.percent(share) for share in (0, 0.004, 0.01, 0.5, 1)] == [
        "0%", "<1%", "1%", "50%", "100%",
    ]  # fmt: skip


@given(st.text(max_size=40))
def test_no_way_leads_out_of_the_console(address: str) -> None:
    for given_ in (address, f"/console{address}", f"/console/{address}", f"//{address}"):
        back = safe_address(given_)
        assert back == "/console" or back.startswith(("/console/", "/console?"))
        assert "//" not in back.partition("?")[0]


_parts = st.lists(
    st.tuples(st.sampled_from("abcdefg"), st.floats(-5, 5, allow_subnormal=False)), max_size=7
)


@given(base=st.floats(-5, 5), parts=_parts)
def test_a_waterfall_ends_at_the_score_and_stays_within(
    base: float, parts: list[tuple[str, float]]
) -> None:
    score = base + math.fsum(value for _, value in parts)
    steps = waterfall(base, parts, score)
    assert [step.name for step in steps] == ["base", *(name for name, _ in parts), "score"]
    assert all(0 <= step.start <= step.start + step.width <= 100 for step in steps)
    assert steps[-1].start == pytest.approx(steps[-2].end, abs=0.7)
    for before, step in pairwise(steps[:-1]):
        assert min(abs(before.end - step.start), abs(before.end - step.start - step.width)) < 0.7


def test_the_network_draws_who_shares_what_and_masks_it() -> None:
    card, door, far = ("payment", 0x1234ABCD), ("door", -7), ("door", 9)
    edges = ((card, "C-1"), (card, "C-2"), (door, "C-1"), (door, "C-3"), (far, "C-3"), (far, "C-4"))
    people = (
        LinkedCustomer("C-2", 1, 3, 1, 0),
        LinkedCustomer("C-3", 1, 1, 0, 2),
        LinkedCustomer("C-4", 2, 0, 0, 0),
    )
    drawn = network(Links("C-1", people, edges), THING)
    assert drawn is not None
    nodes = {node.title: node for node in drawn.nodes}
    assert {name: node.x for name, node in nodes.items() if name.startswith("C-")} == {
        "C-1": COLUMNS[0], "C-2": COLUMNS[2], "C-3": COLUMNS[2], "C-4": COLUMNS[4],
    }  # fmt: skip
    assert [nodes[name].tone for name in ("C-2", "C-3", "C-4")] == ["bad", "good", ""]
    assert "Card\N{NO-BREAK SPACE}#abcd" in nodes
    assert not any("1234" in node.name for node in drawn.nodes)
    assert len(drawn.lines) == len(edges)
    assert all(0 < n.x < drawn.width and 0 < n.y < drawn.height for n in drawn.nodes)
    assert len({(n.x, n.y) for n in drawn.nodes}) == len(drawn.nodes)


def test_nobody_to_draw() -> None:
    assert network(Links("C-1"), THING) is None


def test_the_strip_holds_a_year_and_nothing_later() -> None:
    now = 2_000 * DAY
    kinds: list[tuple[int, EntryKind]] = [
        (now - 400 * DAY, "order"), (now - 200 * DAY, "order"), (now - DAY, "request"),
        (now - DAY, "parcel"), (now + DAY, "outcome"),
    ]  # fmt: skip
    drawn = strip([TimelineEntry(at, kind, "") for at, kind in kinds], now)
    assert [(mark.row, round(mark.x)) for mark in drawn.marks] == [(0, 1), (1, 99)]
    assert drawn.since == now - 200 * DAY
    assert strip([], now).since == now - 30 * DAY


def test_bars_stack_to_the_days_total() -> None:
    days = [DailyTiers(n, dict(zip(TIERS, counts, strict=True))) for n, counts in
            enumerate([(8, 1, 1), (0, 0, 0), (4, 1, 0)])]  # fmt: skip
    drawn = bars(days)
    assert sum(bar.height for bar in drawn if bar.x < 33) == pytest.approx(100)
    assert sum(bar.height for bar in drawn if bar.x > 66) == pytest.approx(50)
    assert len(drawn) == 5
    assert bars([]) == []
    assert [bar.kind for bar in spark((0, 0, 3))] == ["", "", "now"]


def test_a_day_that_would_hide_all_others_is_cut() -> None:
    def days(*counts: int) -> list[DailyTiers]:
        none: dict[str, int] = dict.fromkeys(TIERS, 0)
        return [DailyTiers(at, {**none, "approve": count}) for at, count in enumerate(counts)]

    rush = days(10, 8, 200)
    assert cut_day(rush) == rush[-1]
    assert [round(bar.height) for bar in bars(rush)] == [50, 40, 100]
    for calm in (days(10, 8, 40), days(200), days(0, 0, 200), []):
        assert cut_day(calm) is None
