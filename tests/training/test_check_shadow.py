"""A challenger answers afterwards what the champion decided: as it would have, apart, and once."""

from __future__ import annotations

from dataclasses import replace

import lightgbm
import numpy as np
import pytest
import sqlalchemy as sa

from risk.decisions import challenger_answers, log
from risk.decisions.champion import Champion, Models
from risk.decisions.judge import judge_again
from risk.decisions.log import situation_of
from risk.history import published_models, schema
from risk.history.published_models import Published
from risk.history.schema import schema_models
from risk.history.schema.schema_models import shadows
from risk.history.store import History
from risk.model import Bundle, Lane, linear_calibration
from risk.policy import load
from tests.deciders import body, bundle, decider, photo, promote, scored
from training.check.shadow import answer

Answers = dict[str, challenger_answers.ModelAnswer]


def quiet(_what: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


def challenge(history: History, model: Bundle, version: str = "2") -> Published:
    with history.write() as write:
        return published_models.publish(write, "challenger", version, model, "a test")


def told(history: History, digest: str) -> Answers:
    with history.read() as connection:
        return {one.decision_id: one for one in challenger_answers.answers(connection, digest, 0)}


def kept(history: History) -> list[log.StoredDecision]:
    with history.read() as connection:
        return list(log.every(connection))


def few(model: Bundle, names: tuple[str, ...]) -> Bundle:
    """A bundle that looks at a few features only."""
    lane = Lane(names, stump(len(names)), linear_calibration("platt", 1.0, -1.0))
    return Bundle({n: model.features[n] for n in names}, {"standard": lane, "no_reason": lane})


def stump(columns: int) -> str:
    """Trees that split on few columns."""
    rng = np.random.default_rng(3)
    rows = rng.integers(0, 4, size=(300, columns)).astype(float)
    found = (rows[:, 0] > 1).astype(float)
    settings = {"objective": "binary", "verbosity": -1, "num_leaves": 4, "num_threads": 1}
    return str(lightgbm.train(settings, lightgbm.Dataset(rows, found), 5).model_to_string())


@pytest.fixture
def lived(history: History) -> History:
    """A store with a champion that has decided a few cases, some of them twice."""
    deciding = decider(history)
    for at in range(4):
        one = body()
        scored(deciding, one)
        if at % 2:
            scored(deciding, {**one, "evidence": [photo(one)]})
    return history


def test_it_answers_what_it_would_have_decided(lived: History) -> None:
    rival = challenge(lived, bundle(1))
    assert answer(Models(lived), rival, 0, quiet) == 6
    champion = Champion.load(rival, bundle(1).to_bytes())
    answers = told(lived, rival.digest)
    assert len(answers) == 6
    for made in kept(lived):
        case, vector = situation_of(made.situation), np.frombuffer(made.vector)
        again = judge_again(case, vector, champion, load(None))
        found = answers[made.decision_id]
        assert found.probability == again.scored.probability != made.probability
        assert found.tier == again.ruling.tier


def test_it_is_never_acted_on(lived: History) -> None:
    before = kept(lived)
    answer(Models(lived), challenge(lived, bundle(1)), 0, quiet)
    assert kept(lived) == before
    with lived.read() as connection:
        newest = published_models.newest(connection, "champion")
    assert newest is not None
    assert newest.version == "1"


def test_each_decision_is_answered_once(lived: History) -> None:
    rival = challenge(lived, bundle(1))
    answer(Models(lived), rival, 0, quiet)
    assert answer(Models(lived), rival, 0, quiet) == 0
    deciding = decider(lived)
    scored(deciding, body())
    assert answer(Models(lived), rival, 0, quiet) == 1
    assert len(told(lived, rival.digest)) == 7


def test_two_who_look_at_once_keep_one_answer(lived: History) -> None:
    rival = challenge(lived, bundle(1))
    answer(Models(lived), rival, 0, quiet)
    before = told(lived, rival.digest)
    again = [replace(one, probability=0.5) for one in before.values()]
    with lived.write() as write:
        challenger_answers.store(
            write,
            rival.digest,
            [*again, challenger_answers.ModelAnswer("another", 0.25, "approve")],
        )
    assert told(lived, rival.digest) == before
    with lived.write() as write:
        rows = write.connection.execute(sa.select(shadows.c.decision_id)).scalars()
        assert sorted(rows) == sorted([*before, "another"])


def test_what_it_decided_itself_is_its_answer(lived: History) -> None:
    with lived.read() as connection:
        champion = published_models.newest(connection, "champion")
    assert champion is not None
    assert answer(Models(lived), champion, 0, quiet) == 0
    answers = told(lived, champion.digest)
    for made in kept(lived):
        found = answers[made.decision_id]
        assert (found.probability, found.tier) == (made.probability, made.tier)


def test_features_the_stored_vector_lacks_come_from_the_facts(history: History) -> None:
    deciding = decider(
        history, model=few(bundle(), ("amount", "line_order_lines", "claims_received"))
    )
    first, second = (scored(deciding, one) for one in (body(), body(reason_text="坏了")))
    rival = challenge(history, bundle(1))
    assert answer(Models(history), rival, 0, quiet) == 2
    champion = Champion.load(rival, bundle(1).to_bytes())
    answers = told(history, rival.digest)
    for made in kept(history):
        with history.read() as connection:
            spine = champion.reader.spine(connection, made.refund_id, made.as_of)
            assert spine is not None
            vector = champion.reader.vector(connection, spine)
        case = situation_of(made.situation)
        again = judge_again(case, vector, champion, load(None))
        assert answers[made.decision_id].probability == again.scored.probability
    assert {first["decision_id"], second["decision_id"]} == set(answers)


def test_a_model_of_fewer_features_reads_them_from_the_stored_vector(lived: History) -> None:
    small = few(bundle(), ("customer_orders_30d", "amount"))
    rival = challenge(lived, small)
    with lived.write() as write:
        write.connection.execute(sa.delete(schema.FACTS["refunds"]))
    assert answer(Models(lived), rival, 0, quiet) == 6
    names = [f.name for f in decider(lived).ready().features]
    places = [names.index(name) for name in small.features]
    answers = told(lived, rival.digest)
    for made in kept(lived):
        row = np.frombuffer(made.vector)[places]
        assert answers[made.decision_id].probability == small.score(row, "standard").probability


@pytest.mark.parametrize("table", [schema_models.policies, schema.FACTS["refunds"]])
def test_a_decision_whose_ground_is_gone_is_passed_over(history: History, table: sa.Table) -> None:
    scored(decider(history, model=few(bundle(), ("amount", "line_order_lines"))), body())
    with history.write() as write:
        write.connection.execute(sa.delete(table))
    rival = challenge(history, bundle(1))
    assert answer(Models(history), rival, 0, quiet) == 1
    assert told(history, rival.digest) == {}


def test_only_decisions_since_a_moment_are_answered(lived: History) -> None:
    every = kept(lived)
    rival = challenge(lived, bundle(1))
    assert answer(Models(lived), rival, every[4].decided_at, quiet) == 2
    wanted = {made.decision_id for made in every[4:]}
    assert set(told(lived, rival.digest)) == wanted


def test_pages_of_any_size_read_the_same(lived: History) -> None:
    for size in (1, 2, 500):
        with lived.read() as connection:
            pages = list(challenger_answers.unanswered(connection, "nobody", 0, size))
            made = list(challenger_answers.made_since(connection, 0, size))
        assert [one for page in pages for one in page] == kept(lived)
        assert max(len(page) for page in pages) <= size
        assert [one.decision_id for one in made] == [one.decision_id for one in kept(lived)]


def test_a_challenger_that_became_champion_challenges_nobody(lived: History) -> None:
    with lived.read() as connection:
        assert published_models.challenger(connection) is None
    rival = challenge(lived, bundle(1))
    with lived.read() as connection:
        assert published_models.challenger(connection) == rival
    promote(lived, "2", bundle(1))
    with lived.read() as connection:
        assert published_models.challenger(connection) is None


def test_shadows_speak_of_numbers_and_nobody(lived: History) -> None:
    answer(Models(lived), challenge(lived, bundle(1)), 0, quiet)
    with lived.read() as connection:
        rows = connection.execute(sa.text("SELECT * FROM shadows")).mappings().all()
    assert {name for row in rows for name in row} == {
        "digest", "decision_id", "probability", "tier",
    }  # fmt: skip


def test_a_changed_bar_is_another_bundle(lived: History) -> None:
    """A champion that was tightened answers anew what it decided before."""
    higher = replace(bundle(), thresholds={"ask_above": 0.99})
    with lived.write() as write:
        published = published_models.publish(write, "champion", "1", higher, "tightened")
    assert answer(Models(lived), published, 0, quiet) == 6
    answers = told(lived, published.digest)
    for made in kept(lived):
        assert answers[made.decision_id].probability == made.probability
