"""Who writes what: honest people in their own hand, cheats copying, dodging or making things up."""

from dataclasses import replace

import numpy as np
import pandas as pd

from training.simulate.categories import NAMES
from training.simulate.chance import Dice, happens, mix
from training.simulate.crews import Crew
from training.simulate.market import Market
from training.simulate.people import People
from training.simulate.requests import TYPES
from training.simulate.troubles import CAUSE_NAMES
from training.simulate.wording import Matter, Writer, reword, write


def tell(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    people: People,
    market: Market,
    crews: list[Crew],
) -> list[str | None]:
    """One text (or None) a request."""
    size = len(frame)
    false = frame["crew"].to_numpy() >= 0
    openly = np.where(false, 1 - frame["skill"].to_numpy(), 0.0)
    contrary = happens(rng, 0.02 + 0.12 * openly, size)
    stray = happens(rng, 0.012 + 0.10 * openly, size)
    # Victims of one bad batch talk to each other and copy the complaint that worked.
    gossip = frame["bad_batch"].to_numpy() & ~false & happens(rng, 0.12, size)
    copied = happens(rng, 0.6 * openly, size)
    product = frame["product"].to_numpy()
    category = np.where(stray, rng.integers(0, len(NAMES), size), market.products.category[product])
    noun = market.products.noun[product]
    seeds = mix(people.uid[frame["who"].to_numpy()], frame["requested"].to_numpy(), 5).tolist()
    texts: list[str | None] = []
    columns = ("who", "reason", "type", "quantity", "crew")
    for i, (who, reason, kind, pieces, crew) in enumerate(
        zip(*(frame[name].tolist() for name in columns), strict=True)
    ):
        writer = _writer(people, who, float(openly[i]), bool(false[i]))
        goods = (NAMES[category[i]], int(noun[i]), pieces)
        matter = Matter(CAUSE_NAMES[reason], TYPES[kind], *goods, bool(contrary[i]))
        dice = Dice(seeds[i])
        if gossip[i]:
            texts.append(_copy(dice, int(product[i]), writer, matter))
        elif copied[i]:
            theirs = replace(matter, category=NAMES[crews[crew].seed % len(NAMES)], noun=0)
            told = theirs if dice.chance(0.5) else matter
            texts.append(_copy(dice, crews[crew].seed, writer, told))
        else:
            texts.append(write(dice, writer, matter))
    return texts


def _writer(people: People, who: int, openly: float, false: bool) -> Writer:
    """Clumsy cheats keep it vague; skilled ones take trouble over the text."""
    words = float(people.words[who])
    if false:
        words = max(words, 0.6 * (1 - openly))
    return Writer(
        english=bool(people.western[who]) != (people.hand[who] % 37 == 0),
        words=words,
        vague=min(1.0, float(people.vague[who]) + 0.25 * openly),
        typos=float(people.typos[who]),
        temper=float(people.temper[who]),
    )


def _copy(dice: Dice, source: int, writer: Writer, matter: Matter) -> str | None:
    """A text that goes around, in the copier's variation."""
    author = Writer(writer.english, 0.9, 0.15, 0.0, 0.2)
    original = write(Dice(source), author, matter)
    return None if original is None else reword(dice, original, writer.english)
