"""Forgetting on PostgreSQL as on SQLite: counts stay, the person goes, words have their time."""

from __future__ import annotations

import random

import numpy as np
import pytest
import sqlalchemy as sa

from risk.features import word_weights
from risk.features.catalog import catalogue
from risk.features.word_weights import FEATURE
from risk.history.clock_mend import mend_clock
from risk.history.connection.connect import now_ms
from risk.history.list_entries import ListEntry, add_entry
from risk.history.schema import FACTS, commits, metadata
from risk.history.store import History
from risk.privacy import count_stored, forget, is_tombstone, webhook_ids_of
from risk.privacy.retention import clear_free_text
from tests.rendering import by_point, fill, requests_in
from tests.worlds import DAY, Chooser, Shape, questions, seeded, stored

pytestmark = pytest.mark.engines
FEATURES = tuple(one for one in catalogue() if not one.retired and one.name != FEATURE)
"""All that new models learn from, but what a text says: that goes with the person."""
FEATURES = tuple(f for f in catalogue() if not f.retired and f.name != word_weights.FEATURE)


def everything(history: History) -> str:
    with history.read() as connection:
        return repr([connection.execute(sa.select(t)).all() for t in metadata.sorted_tables])


def test_counts_stay_and_the_person_goes(history: History) -> None:
    facts = stored(seeded(2, Shape(facts=400, customers=15)))
    somebody = "shopify:main:customer-walter"
    busiest = facts["orders"][0]["customer_id"]
    for row in facts["orders"]:
        row["customer_id"] = somebody if row["customer_id"] == busiest else row["customer_id"]
    fill(history, facts)
    with history.write() as write:
        entry = ListEntry(somebody, "block", "Wilhelmina again", "evidence", "rita", write.at)
        add_entry(write.connection, entry)
    asked = list(dict.fromkeys(questions(facts, Chooser(random.Random(1).randrange), 30)))
    before = by_point(history, asked, FEATURES)
    assert webhook_ids_of(history, "customer-walter") == [somebody]
    was = requests_in(history)
    report = forget(history, somebody, settle_s=0)
    now = dict(zip(was, requests_in(history), strict=True))
    again = [(now[refund], at, stage) for refund, at, stage in asked]
    assert "backups" in report.files
    assert np.array_equal(by_point(history, again, FEATURES), before, equal_nan=True)
    text = everything(history)
    assert "walter" not in text
    assert "Wilhelmina" not in text
    with history.read() as connection:
        names = connection.execute(sa.select(FACTS["orders"].c.customer_id).distinct()).scalars()
        assert sum(map(is_tombstone, names)) == 1
    assert count_stored(history, somebody) == {}
    assert forget(history, somebody, settle_s=0).counts == {}


def test_words_have_their_time(history: History) -> None:
    fill(history, stored(seeded(2, Shape(facts=400, customers=15))))
    c = FACTS["refunds"].c
    old = sa.and_(c.reason_text.is_not(None), c.known_at < now_ms() - DAY)
    words = sa.select(sa.func.count()).where(old)
    with history.read() as connection:
        held = connection.execute(words).scalar_one()
    assert held
    assert clear_free_text(history, 1)["refunds"] == held
    with history.read() as connection:
        assert connection.execute(words).scalar_one() == 0


def test_wrong_instants_are_mended(history: History) -> None:
    ahead = now_ms() + 365 * DAY
    with history.write() as write:
        write.connection.execute(sa.update(commits).where(commits.c.commit_no == write.commit_no)
                                 .values(at=ahead))  # fmt: skip
    for _ in range(2):
        with history.write():
            pass
    with history.write() as write:
        assert write.at > ahead
        assert mend_clock(write, now_ms()).commits >= 2
    with history.read() as connection:
        at = list(
            connection.execute(sa.select(commits.c.at).order_by(commits.c.commit_no)).scalars()
        )
    assert at == sorted(set(at))
    assert at[-1] <= now_ms()
