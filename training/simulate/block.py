"""Simulation of one block of neighbourhoods, from the first order to the last outcome."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.facts.units import HOUR_MS, MINUTE_MS
from training.simulate.carriers import Carriers
from training.simulate.crews import Crew, plan_fraud
from training.simulate.customer_evidence import make_evidence
from training.simulate.customers import People, make_customers
from training.simulate.false_claims import assign_claims
from training.simulate.honest_requests import honest_requests, in_bad_batch
from training.simulate.innocent_groups import innocent_groups
from training.simulate.late_findings import make_outcomes, thin_inspections
from training.simulate.legacy_rules import legacy_points
from training.simulate.market import Market
from training.simulate.parameters import WorldSettings
from training.simulate.parcels import ship_orders
from training.simulate.random_draws import Ints, bernoulli, stream_generator
from training.simulate.reason_texts import write_reasons
from training.simulate.requests import add_identities, false_frame, follow_ups, honest_frame
from training.simulate.returns import inspect_returns, ship_returns
from training.simulate.seasons import Calendar, next_daytime
from training.simulate.shopping import ordinary_orders

CUSTOMERS_PER_ORDER = 1 / 9
# Blocks number their customers, orders and requests in ranges that cannot meet.
RANGE = 1 << 22


@dataclass(frozen=True, slots=True)
class World:
    """The parts of a world that all blocks share."""

    settings: WorldSettings
    market: Market
    carriers: Carriers
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Quota:
    """Numbers that one block must contain: requests, false ones among them, orders."""

    block: int
    requests: int
    false: int
    orders: int


@dataclass(slots=True)
class Block:
    """Everything that happened in one block, requests ordered by time."""

    people: People
    crews: list[Crew]
    lines: pd.DataFrame
    parcels: pd.DataFrame
    requests: pd.DataFrame
    evidence: pd.DataFrame
    returned: pd.DataFrame
    inspections: pd.DataFrame
    outcomes: pd.DataFrame


def simulate_block(world: World, quota: Quota) -> Block:
    """Simulate one block; the same world and quota always give the same block."""
    settings, market = world.settings, world.market
    rng = stream_generator(settings.seed, 3, quota.block)
    count = max(12, round(quota.orders * CUSTOMERS_PER_ORDER))
    uids = np.arange(count, dtype=np.int64) + quota.block * RANGE + 1
    people = make_customers(rng, settings, market.shops, uids)
    under = plan_fraud(rng, settings, people, market, quota.false)
    bait = sum(claim.bait for claim in under.claims)
    ordinary = max(quota.orders - bait, quota.requests)
    lines = ordinary_orders(rng, ordinary, people, people.appetite, world.calendar, market)
    lines = assign_claims(rng, under, lines, people, market, world.calendar)
    lines = _in_time_order(lines[lines["placed"].to_numpy() < settings.end_ms - 1])
    np.minimum.at(people.created, lines["who"].to_numpy(), lines["placed"].to_numpy() - MINUTE_MS)
    parcels = ship_orders(rng, lines, people, market, world.carriers, world.calendar)
    false = false_frame(rng, settings, under, lines, parcels)
    honest = _honest_frame(rng, world, quota.requests - len(false), lines, parcels, people)
    frame = pd.concat([honest, false], ignore_index=True)
    frame["requested"] = _waking_times(rng, settings, frame, people)
    frame = frame.sort_values("requested", kind="stable")
    frame = _with_details(rng, world, frame.reset_index(drop=True), lines, people, under.crews)
    frame["innocent_group"] = innocent_groups(frame, parcels, people)
    evidence = make_evidence(rng, frame, parcels, people, market, under.crews, settings.strengths)
    returned, inspections = _returns(rng, world, frame, parcels, people, under.crews)
    points = legacy_points(rng, frame, lines, parcels, people, market)
    outcomes = make_outcomes(rng, settings, frame, inspections, points)
    return Block(
        people, under.crews, lines, parcels, frame, evidence, returned, inspections, outcomes
    )


def _in_time_order(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines ordered by time, orders numbered in the order they were placed."""
    lines = lines.sort_values(["placed", "order", "line"], kind="stable").reset_index(drop=True)
    lines["order"] = pd.factorize(lines["order"])[0]
    return lines


def _waking_times(
    rng: np.random.Generator, settings: WorldSettings, frame: pd.DataFrame, people: People
) -> Ints:
    """Request times (n,), most of them moved into waking hours."""
    moments = frame["requested"].to_numpy()
    later = next_daytime(rng, moments, 7.5, 24.0, people.western[frame["who"].to_numpy()])
    asleep = bernoulli(rng, 0.85, len(frame)) & (later < settings.end_ms - HOUR_MS)
    return np.where(asleep, later, moments)


def _honest_frame(
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


def _with_details(
    rng: np.random.Generator,
    world: World,
    frame: pd.DataFrame,
    lines: pd.DataFrame,
    people: People,
    crews: list[Crew],
) -> pd.DataFrame:
    """Requests with identities, texts and the line they are about (0: the whole order)."""
    add_identities(rng, frame, people, crews)
    frame["bad_batch"] = in_bad_batch(lines, world.market)[frame["row"].to_numpy()]
    single = np.bincount(lines["order"].to_numpy())[frame["order"].to_numpy()] == 1
    unnamed = single & bernoulli(rng, 0.35, len(frame))
    frame["claimed_line"] = np.where(unnamed, 0, frame["line"].to_numpy())
    frame["text"] = write_reasons(rng, frame, people, world.market, crews, world.settings.strengths)
    return frame


def _returns(
    rng: np.random.Generator,
    world: World,
    frame: pd.DataFrame,
    parcels: pd.DataFrame,
    people: People,
    crews: list[Crew],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    returned = ship_returns(rng, frame, parcels, people, crews)
    frame["sent_back"] = -1
    frame.loc[returned["request"].to_numpy(), "sent_back"] = returned["goods"].to_numpy()
    looked = inspect_returns(rng, world.settings, frame, returned, world.market)
    return returned, thin_inspections(rng, world.settings, looked, len(frame))
