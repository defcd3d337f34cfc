"""Reason texts of requests: written by honest customers, copied or made up by abusers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from training.simulate.categories import NAMES
from training.simulate.crews import Crew
from training.simulate.customers import People
from training.simulate.honest_requests import CAUSE_NAMES
from training.simulate.market import Market
from training.simulate.phrasing import TextTopic, Writer, reword, write_text
from training.simulate.random_draws import Dice, Floats, bernoulli, hash_ints
from training.simulate.requests import TYPES


def write_reasons(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    people: People,
    market: Market,
    crews: list[Crew],
    signals: Mapping[str, float],
) -> list[str | None]:
    """The reason text, or None, of each request."""
    false = frame["crew"].to_numpy() >= 0
    openly = np.where(false, 1 - frame["skill"].to_numpy(), 0.0)
    plans = pd.concat([frame[["who", "reason", "type", "quantity", "crew"]],
                       _text_plans(rng, frame, people, market, openly, signals)],
                      axis=1)  # fmt: skip
    vague = signals["vague"]
    return [_text(plan, people, crews, vague) for plan in plans.itertuples(index=False)]


def _text_plans(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    people: People,
    market: Market,
    openly: Floats,
    signals: Mapping[str, float],
) -> pd.DataFrame:
    """Parameters of each text: goods, contradiction of the reason, source if copied."""
    size, product = len(frame), frame["product"].to_numpy()
    crew = frame["crew"].to_numpy()
    stray = bernoulli(rng, 0.012 + 0.10 * openly, size)
    category = market.products.category[product]
    # Customers of one defective batch copy complaints from each other.
    gossip = frame["bad_batch"].to_numpy() & (crew < 0) & bernoulli(rng, 0.12, size)
    copied = bernoulli(rng, 0.45 * openly, size)
    contrary = np.maximum(0.02 + 0.12 * openly * signals["contradicts"], 0)
    return pd.DataFrame(
        {
            "openly": openly,
            "contrary": bernoulli(rng, contrary, size),
            "category": np.where(stray, rng.integers(0, len(NAMES), size), category),
            "noun": market.products.noun[product],
            "gossip": np.where(gossip, product, -1),
            "copied": copied,
            "seed": hash_ints(
                people.uid[frame["who"].to_numpy()], frame["requested"].to_numpy(), 5
            ),
        }
    )


def _text(plan: Any, people: People, crews: list[Crew], vague: float) -> str | None:
    hides = vague * (0.5 + 0.5 * plan.openly) if plan.crew >= 0 else 0.0
    writer = _writer(people, plan.who, hides)
    matter = TextTopic(
        CAUSE_NAMES[plan.reason], TYPES[plan.type], NAMES[plan.category], plan.noun, plan.quantity,
        plan.contrary,
    )  # fmt: skip
    dice = Dice(plan.seed)
    if plan.gossip >= 0:
        return _copied_text(dice, plan.gossip, writer, matter, 0.15)
    if not plan.copied:
        return write_text(dice, writer, matter)
    source = crews[plan.crew].seed
    theirs = replace(matter, category=NAMES[source % len(NAMES)], noun=0)
    author = min(max(0.3 + 0.4 * vague, 0.0), 1.0)
    return _copied_text(dice, source, writer, theirs if dice.chance(0.5) else matter, author)


def _writer(people: People, who: int, hides: float) -> Writer:
    """The writer of a text; abusers are vaguer by `hides`, and as brief as others."""
    return Writer(
        english=bool(people.western[who]) != (people.hand[who] % 37 == 0),
        words=float(people.words[who]),
        vague=min(max(float(people.vague[who]) + 0.45 * hides, 0.0), 1.0),
        typos=float(people.typos[who]),
        temper=float(people.temper[who]),
    )


def _copied_text(
    dice: Dice, source: int, writer: Writer, matter: TextTopic, vague: float
) -> str | None:
    """A circulating text in the copier's variation; `vague` is how vague its author is."""
    author = Writer(writer.english, 0.7, vague, 0.0, 0.2)
    original = write_text(Dice(source), author, matter)
    return None if original is None else reword(dice, original, writer.english)
