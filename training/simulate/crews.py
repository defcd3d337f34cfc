"""Abusers: crews, the identities they share, and their planned claims."""

from dataclasses import dataclass

import numpy as np

from risk.facts.units import DAY_MS
from training.simulate.customers import People
from training.simulate.market import Market
from training.simulate.parameters import WorldSettings, midnight_ms
from training.simulate.random_draws import Floats, weighted_choice
from training.simulate.schemes import CONDUCT_NAMES, SCHEMES, Scheme

SHARED = ("place", "device", "payment", "payout", "phone", "network")


@dataclass(slots=True)
class Crew:
    """Customers who commit one scheme together; `skill` in [0, 1] is how well they hide."""

    number: int
    scheme: int
    conduct: int
    skill: float
    casual: bool
    members: list[int]
    shares: dict[str, bool]
    shop: int
    seed: int


@dataclass(slots=True)
class PlannedClaim:
    """One planned false claim: the customer, the time of purchase (ms), whether the order is placed
    for it (`bait`), and whether the account is given up afterwards (`burnt`)."""

    crew: int
    who: int
    moment: int
    bait: bool
    burnt: bool


@dataclass(slots=True)
class FraudPlan:
    """The crews of one block and their planned claims."""

    crews: list[Crew]
    claims: list[PlannedClaim]


def plan_fraud(
    rng: np.random.Generator, settings: WorldSettings, people: People, market: Market, quota: int
) -> FraudPlan:
    """Form crews from the customers until `quota` claims are planned."""
    world = FraudPlan([], [])
    # Whoever buys much has more occasions, so cheats are found among busy customers too.
    order = np.argsort(-(0.8 * np.log(people.appetite) + rng.gumbel(size=len(people))))
    since = [_first_moment(settings, scheme) for scheme in SCHEMES]
    wanted = _scheme_shares(settings, since) * quota
    used = 0
    # A world that is large enough shows every scheme at least once.
    first = [int(i) for i in rng.permutation(np.flatnonzero(wanted > 0))] if quota >= 100 else []
    while len(world.claims) < quota and wanted.max() > 0:
        draw = np.maximum(wanted, 0) / _claims_expected()
        index = first.pop() if first else int(weighted_choice(rng, draw, 1)[0])
        scheme = SCHEMES[index]
        casual = bool(rng.random() < scheme.casual)
        size = 1 if casual else int(rng.integers(scheme.accounts[0], scheme.accounts[1] + 1))
        members = [int(order[(used + i) % len(order)]) for i in range(size)]
        used += size
        crew = _make_crew(rng, settings, market, len(world.crews), index, casual, members)
        world.crews.append(crew)
        plan = _plan_claims(rng, settings, people, crew, since[index])[
            : 2 + int(1.6 * wanted[index])
        ]
        wanted[index] -= max(len(plan), 1)
        world.claims.extend(plan)
    del world.claims[quota:]
    return world


def _first_moment(settings: WorldSettings, scheme: Scheme) -> int:
    """When a scheme begins: not before its own day, nor before the first of its conducts."""
    own = _begins(settings, scheme.name)
    others = [_begins(settings, name) for name in scheme.conducts if name != scheme.name]
    return own if scheme.name in scheme.conducts else max([own, *sorted(others)[:1]])


def _begins(settings: WorldSettings, name: str) -> int:
    held = settings.held_back.get(name)
    return settings.start_ms if held is None else max(settings.start_ms, midnight_ms(held))


def _scheme_shares(settings: WorldSettings, since: list[int]) -> Floats:
    """Share (schemes,) of false requests by scheme; less for those held back for long."""
    shares = np.zeros(len(SCHEMES))
    for index, scheme in enumerate(SCHEMES):
        share = settings.mix.get(scheme.name, 0.0 if settings.mix else scheme.share)
        left = max(0.0, (settings.end_ms - 12 * DAY_MS - since[index]) / (settings.days * DAY_MS))
        shares[index] = share * min(1.0, left)
    normed: Floats = shares / max(shares.sum(), 1e-12)
    return normed


def _claims_expected() -> Floats:
    """Expected number (schemes,) of claims of a crew."""
    casual = np.array([scheme.casual for scheme in SCHEMES])
    claims = np.array([sum(s.claims) / 2 * sum(s.accounts) / 2 for s in SCHEMES])
    return np.asarray(casual + (1 - casual) * claims)


def _make_crew(
    rng: np.random.Generator,
    settings: WorldSettings,
    market: Market,
    number: int,
    scheme: int,
    casual: bool,
    members: list[int],
) -> Crew:
    hard = settings.difficulty
    skill = float(rng.beta(0.8 + 3.4 * hard, 0.8 + 3.4 * (1 - hard)))
    skill = max(skill, float(rng.uniform(0.15 + 0.6 * hard, 1.0))) if casual else skill
    shares = {name: bool(rng.random() < 0.75 - 0.45 * skill) for name in SHARED}
    if not any(shares.values()) and skill < 0.85:
        shares[SHARED[int(rng.integers(0, len(SHARED)))]] = True
    crooked = np.flatnonzero(market.shops.colluding)
    own, begins = SCHEMES[scheme].name, _first_moment(settings, SCHEMES[scheme])
    conducts = [
        name
        for name in SCHEMES[scheme].conducts
        if name == own or _begins(settings, name) <= begins
    ]
    return Crew(
        number=number,
        scheme=scheme,
        conduct=CONDUCT_NAMES.index(conducts[int(rng.integers(0, len(conducts)))]),
        skill=skill,
        casual=casual,
        members=members,
        shares=shares if len(members) > 1 else dict.fromkeys(SHARED, False),
        shop=int(crooked[rng.integers(0, len(crooked))]) if own == "colluding_merchant" else -1,
        seed=int(rng.integers(0, 1 << 40)),
    )


def _plan_claims(
    rng: np.random.Generator, settings: WorldSettings, people: People, crew: Crew, since: int
) -> list[PlannedClaim]:
    scheme = SCHEMES[crew.scheme]
    last = settings.end_ms - 8 * DAY_MS
    draw = float(rng.random())
    # Those who were at it before the world begins are in the middle of their run when it does.
    lead = 40 * DAY_MS if since == settings.start_ms and not scheme.grows else 0
    span = max(0, last - since - 4 * DAY_MS) + lead
    start = since - lead + int((np.sqrt(draw) if scheme.grows else draw) * span)
    claims: list[PlannedClaim] = []
    moment = start
    for member in crew.members:
        if scheme.together:
            moment = start + int(rng.exponential(4 + 40 * crew.skill) * DAY_MS)
        _age_account(rng, people, crew, member, moment)
        mine = _account_claims(rng, crew, scheme, member, moment, last)
        claims.extend(mine)
        if mine and not scheme.together:
            # The next account waits for the block of this one.
            mine[-1].burnt = True
            moment = mine[-1].moment + int(rng.uniform(16, 34) * DAY_MS)
    return [claim for claim in claims if claim.moment >= since]


def _account_claims(
    rng: np.random.Generator, crew: Crew, scheme: Scheme, who: int, moment: int, last: int
) -> list[PlannedClaim]:
    """The claims of one account; skilled abusers wait longer and use ordinary orders."""
    count = 1 if crew.casual else int(rng.integers(scheme.claims[0], scheme.claims[1] + 1))
    own = 0.85 if crew.casual else 0.2 + 0.5 * crew.skill * (len(crew.members) == 1)
    claims: list[PlannedClaim] = []
    for _ in range(count):
        if moment > last:
            break
        claims.append(PlannedClaim(crew.number, who, moment, bool(rng.random() > own), burnt=False))
        moment += int(rng.lognormal(np.log(3 + 30 * crew.skill), 0.7) * DAY_MS)
    if len(claims) > 1 and rng.random() < 0.55 * (1 - crew.skill):
        claims[-1].burnt = True
    return claims


def _age_account(
    rng: np.random.Generator, people: People, crew: Crew, member: int, moment: int
) -> None:
    """Set the age of a member's account: new for the scheme, or aged."""
    fresh = 0.08 if len(crew.members) == 1 else 0.65 - 0.5 * crew.skill
    if rng.random() < fresh:
        people.created[member] = (
            moment - int(rng.exponential(2 + 40 * crew.skill) * DAY_MS) - DAY_MS // 9
        )
        people.appetite[member] *= 0.15
        people.tier[member] = min(int(people.tier[member]), 1)
        return
    if people.created[member] > moment - DAY_MS:
        people.created[member] = moment - int(rng.exponential(50) * DAY_MS) - DAY_MS
    people.appetite[member] *= 1.0 + 1.5 * crew.skill
