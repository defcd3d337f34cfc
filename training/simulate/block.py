"""One block of whole neighbourhoods, lived through from the first order to the last finding."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.facts.units import HOUR_MS, MINUTE_MS
from training.simulate.carriers import Carriers
from training.simulate.chance import Ints, generator, happens
from training.simulate.crews import Crew, recruit
from training.simulate.customers import People, settle
from training.simulate.false_claims import lay_claims
from training.simulate.innocent import innocent_groups
from training.simulate.late_findings import find, thin_inspections
from training.simulate.market import Market
from training.simulate.old_rules import suspicion
from training.simulate.parameters import Settings
from training.simulate.parcels import send
from training.simulate.proof import gather
from training.simulate.reason_texts import tell
from training.simulate.requests import add_identities, false_frame, follow_ups, honest_frame
from training.simulate.returns import inspect, send_back
from training.simulate.seasons import Calendar, daytime
from training.simulate.shopping import ordinary_orders
from training.simulate.troubles import honest_requests, in_bad_batch

CUSTOMERS_PER_ORDER = 1 / 9
# Blocks number their customers, orders and requests in ranges that cannot meet.
RANGE = 1 << 22


@dataclass(frozen=True, slots=True)
class World:
    """What all blocks share."""

    settings: Settings
    market: Market
    carriers: Carriers
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Quota:
    """What one block has to bring: how many requests, how many of them false, how many orders."""

    block: int
    requests: int
    false: int
    orders: int


@dataclass(slots=True)
class Block:
    """Everything that happened in one block, requests in order of time."""

    people: People
    crews: list[Crew]
    lines: pd.DataFrame
    parcels: pd.DataFrame
    requests: pd.DataFrame
    evidence: pd.DataFrame
    returned: pd.DataFrame
    inspections: pd.DataFrame
    outcomes: pd.DataFrame


def live(world: World, quota: Quota) -> Block:
    """Let one block live; the same world and quota always live the same life."""
    settings, market = world.settings, world.market
    rng = generator(settings.seed, 3, quota.block)
    count = max(12, round(quota.orders * CUSTOMERS_PER_ORDER))
    uids = np.arange(count, dtype=np.int64) + quota.block * RANGE + 1
    people = settle(rng, settings, market.shops, uids)
    under = recruit(rng, settings, people, market, quota.false)
    bait = sum(claim.bait for claim in under.claims)
    ordinary = max(quota.orders - bait, quota.requests)
    lines = ordinary_orders(rng, ordinary, people, people.appetite, world.calendar, market)
    lines = lay_claims(rng, under, lines, people, market, world.calendar)
    lines = _in_time(lines[lines["placed"].to_numpy() < settings.end_ms - 1])
    np.minimum.at(people.created, lines["who"].to_numpy(), lines["placed"].to_numpy() - MINUTE_MS)
    parcels = send(rng, lines, people, market, world.carriers, world.calendar)
    false = false_frame(rng, settings, under, lines, parcels)
    honest = _honest(rng, world, quota.requests - len(false), lines, parcels, people)
    frame = pd.concat([honest, false], ignore_index=True)
    frame["requested"] = _awake(rng, settings, frame, people)
    frame = frame.sort_values("requested", kind="stable")
    frame = _completed(rng, frame.reset_index(drop=True), lines, people, market, under.crews)
    frame["innocent_group"] = innocent_groups(frame, parcels, people)
    evidence = gather(rng, frame, parcels, people, market, under.crews)
    returned, inspections = _returned(rng, world, frame, parcels, people, under.crews)
    points = suspicion(rng, frame, lines, parcels, people, market)
    outcomes = find(rng, settings, frame, inspections, points)
    return Block(
        people, under.crews, lines, parcels, frame, evidence, returned, inspections, outcomes
    )


def _in_time(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines by time, orders numbered as they were placed."""
    lines = lines.sort_values(["placed", "order", "line"], kind="stable").reset_index(drop=True)
    lines["order"] = pd.factorize(lines["order"])[0]
    return lines


def _awake(
    rng: np.random.Generator, settings: Settings, frame: pd.DataFrame, people: People
) -> Ints:
    """Most people ask when they are awake."""
    moments = frame["requested"].to_numpy()
    later = daytime(rng, moments, 7.5, 24.0, people.western[frame["who"].to_numpy()])
    asleep = happens(rng, 0.85, len(frame)) & (later < settings.end_ms - HOUR_MS)
    return np.where(asleep, later, moments)


def _honest(
    rng: np.random.Generator,
    world: World,
    count: int,
    lines: pd.DataFrame,
    parcels: pd.DataFrame,
    people: People,
) -> pd.DataFrame:
    again = int(0.025 * count)
    asked = honest_requests(
        rng, world.settings, count - again, lines, parcels, people, world.market
    )
    frame = honest_frame(rng, world.settings, asked, lines, parcels, world.market)
    return pd.concat([frame, follow_ups(rng, world.settings, frame, again)], ignore_index=True)


def _completed(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    lines: pd.DataFrame,
    people: People,
    market: Market,
    crews: list[Crew],
) -> pd.DataFrame:
    """Requests with identities, texts and the line they name (0: the whole order)."""
    add_identities(rng, frame, people, crews)
    frame["bad_batch"] = in_bad_batch(lines, market)[frame["row"].to_numpy()]
    single = np.bincount(lines["order"].to_numpy())[frame["order"].to_numpy()] == 1
    unnamed = single & happens(rng, 0.35, len(frame))
    frame["claimed_line"] = np.where(unnamed, 0, frame["line"].to_numpy())
    frame["text"] = tell(rng, frame, people, market, crews)
    return frame


def _returned(
    rng: np.random.Generator,
    world: World,
    frame: pd.DataFrame,
    parcels: pd.DataFrame,
    people: People,
    crews: list[Crew],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    returned = send_back(rng, frame, parcels, people, crews)
    frame["sent_back"] = -1
    frame.loc[returned["request"].to_numpy(), "sent_back"] = returned["goods"].to_numpy()
    looked = inspect(rng, world.settings, frame, returned, world.market)
    return returned, thin_inspections(rng, world.settings, looked, len(frame))
