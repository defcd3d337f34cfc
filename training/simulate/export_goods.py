"""Orders and shipments of one block as contract columns."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS, HOUR_MS
from training.simulate import identities
from training.simulate.carriers import COURIERS, PREFIXES
from training.simulate.categories import NAMES
from training.simulate.customers import TIERS, People
from training.simulate.identities import Spellings, scrambled_ids, write_identities
from training.simulate.market import CURRENCIES, UNITS_PER_CNY, Market
from training.simulate.parcels import RECEIVERS
from training.simulate.random_draws import Floats, Ints, bernoulli, hash_ints
from training.simulate.shopping import CHANNELS

ORDER_ODD, CUSTOMER_ODD, REFUND_ODD, EVIDENCE_ODD = (
    0x5DEECE66D,
    0x2545F4914F,
    0x9E3779B97,
    0x6C078965,
)
Sheet = Mapping[str, object]


def names_of(names: tuple[str | None, ...], codes: Ints) -> list[str | None]:
    """Names by code; codes below zero are unknown."""
    padded = (*names, None)
    return [padded[code] for code in np.where(codes < 0, len(names), codes).tolist()]


def late_known_at(
    rng: np.random.Generator, moments: Ints, share: float, longest: int, end: int
) -> Ints:
    """Time (n,) at which rows became known where that was later (-1: at once), for a few."""
    wait = (rng.uniform(0.02, 1.0, len(moments)) * longest).astype(np.int64)
    known = moments + wait
    slow = bernoulli(rng, share, len(moments)) & (known < end)
    return np.where(slow, known, -1)


def order_ids(numbers: Ints, base: int) -> list[str]:
    """Order ids of a block whose orders are numbered from `base`."""
    return scrambled_ids("O", numbers + base, ORDER_ODD)


def orders_sheet(
    rng: np.random.Generator,
    lines: pd.DataFrame,
    people: People,
    market: Market,
    base: int,
    end: int,
) -> Sheet:
    """The order lines; some identities are missing."""
    who, shop = lines["who"].to_numpy(), lines["shop"].to_numpy()
    product, placed = lines["product"].to_numpy(), lines["placed"].to_numpy()
    return {
        "order_id": order_ids(lines["order"].to_numpy(), base),
        "line_id": [str(number) for number in lines["line"].tolist()],
        "customer_id": scrambled_ids("C", people.uid[who], CUSTOMER_ODD),
        "placed_at": placed,
        "amount": lines["cents"].to_numpy(),
        "currency": names_of(CURRENCIES, market.shops.currency[shop]),
        "quantity": lines["quantity"].to_numpy(),
        "sku": [f"SKU{number:06d}" for number in product.tolist()],
        "category": names_of(NAMES, market.products.category[product]),
        "merchant_id": [f"M{number:04d}" for number in shop.tolist()],
        "channel": names_of(CHANNELS, lines["channel"].to_numpy()),
        **_order_identities(rng, lines),
        "account_created_at": people.created[who],
        "customer_tier": names_of(TIERS, people.tier[who]),
        "no_reason_return": market.products.no_reason[product],
        "delivery_amount": _delivery(lines, market),
        "expected_weight_g": _catalogue_weight(lines, market),
        "known_at": late_known_at(rng, placed, 0.004, 6 * HOUR_MS, end),
    }


def _delivery(lines: pd.DataFrame, market: Market) -> Ints:
    """Delivery charges in 1/100: on the first line of three orders in ten, else 0."""
    order, shop = lines["order"].to_numpy(), lines["shop"].to_numpy()
    units = np.array(UNITS_PER_CNY)[market.shops.currency[shop]]
    fee = (600 + hash_ints(order, 53) % 700) * units
    charged = (lines["line"].to_numpy() == 1) & (hash_ints(order, 59) % 10 < 3)
    return np.where(charged, fee, 0).astype(np.int64)


def _catalogue_weight(lines: pd.DataFrame, market: Market) -> Ints:
    """Catalogue weight (g) of each line, of shops that record weights (-1: unknown)."""
    grams = market.products.weight_g[lines["product"]] * lines["quantity"].to_numpy()
    kept = (hash_ints(lines["shop"].to_numpy(), 61) % 10 < 7) & (grams > 0)
    return np.where(kept, grams.round(), -1).astype(np.int64)


def _order_identities(rng: np.random.Generator, lines: pd.DataFrame) -> Sheet:
    place = np.where(lines["parcel"] < 0, -1, lines["place"])
    order = lines["order"].to_numpy()
    kinds: tuple[tuple[str, str, Callable[[int], str], float], ...] = (
        ("payment_instrument", "payment", identities.instrument, 0.03),
        ("device_id", "device", identities.device, 0.08),
        ("phone", "phone", identities.phone, 0.02),
        ("ip", "network", identities.network, 0.15),
    )
    columns: dict[str, object] = {
        "shipping_address": Spellings().write(place, lines["spelling"].to_numpy())
    }
    for column, name, form, share in kinds:
        hidden = bernoulli(rng, share, int(order.max(initial=-1)) + 1)[order]
        columns[column] = write_identities(form, np.where(hidden, -1, lines[name].to_numpy()))
    return columns


def shipments_sheets(
    rng: np.random.Generator,
    parcels: pd.DataFrame,
    returned: pd.DataFrame,
    frame: pd.DataFrame,
    base: int,
    end: int,
) -> list[Sheet]:
    """Shipment events, outbound and return, before the end of the export."""
    out = pd.concat(_outbound(rng, parcels[parcels["seen"].to_numpy()]))
    back = pd.concat(_homebound(returned[returned["uploaded"].to_numpy()], frame))
    sheets = []
    for events, direction in ((out, "outbound"), (back, "return")):
        seen = events[events["at"].to_numpy() < end].sort_values("at", kind="stable")
        if len(seen):
            sheets.append(_events_sheet(rng, seen, direction, base, end))
    return sheets


def _outbound(rng: np.random.Generator, parcels: pd.DataFrame) -> list[pd.DataFrame]:
    delivered, lost = parcels["delivered"].to_numpy(), parcels["lost"].to_numpy()
    plain = parcels[["order", "line", "courier", "tracking"]].assign(
        refund=-1, received=-1, grams=-1
    )
    weight = np.where(parcels["weighed"], parcels["grams"].to_numpy(), -1).astype(np.int64)
    left = delivered - (rng.uniform(1.5, 7, len(parcels)) * HOUR_MS).astype(np.int64)
    events = [
        plain.assign(at=parcels["shipped"], status="shipped", grams=weight),
        plain.assign(
            at=np.maximum(left, parcels["shipped"] + HOUR_MS // 2), status="out_for_delivery"
        )[~lost & bernoulli(rng, 0.7, len(parcels))],
        plain.assign(at=delivered, status="delivered", received=parcels["received"])[~lost],
    ]
    gone = plain.assign(at=parcels["shipped"] + 7 * DAY_MS, status="lost")
    back = plain.assign(at=parcels["shipped"] + 9 * DAY_MS, status="returned_to_sender")
    draw: Floats = rng.random(len(parcels))
    return [*events, gone[lost & (draw < 0.45)], back[lost & (draw > 0.85)]]


def _homebound(returned: pd.DataFrame, frame: pd.DataFrame) -> list[pd.DataFrame]:
    rows = returned["request"].to_numpy()
    order, line = frame["order"].to_numpy()[rows], frame["line"].to_numpy()[rows]
    plain = returned[["courier", "tracking"]].assign(
        order=order, line=line, refund=rows, received=-1, grams=-1
    )
    weight = np.where(returned["weighed"], returned["grams"].to_numpy(), -1).astype(np.int64)
    return [
        plain.assign(at=returned["sent"], status="shipped", grams=weight),
        plain.assign(at=returned["arrived"], status="delivered"),
    ]


def _events_sheet(
    rng: np.random.Generator, events: pd.DataFrame, direction: str, base: int, end: int
) -> Sheet:
    line, refund = events["line"].tolist(), events["refund"].to_numpy()
    prefixes = names_of(PREFIXES, events["courier"].to_numpy())
    refunds = scrambled_ids("R", np.maximum(refund, 0) + base, REFUND_ODD)
    return {
        "order_id": order_ids(events["order"].to_numpy(), base),
        "line_id": [str(number) if number else None for number in line],
        "refund_id": [
            name if number >= 0 else None
            for name, number in zip(refunds, refund.tolist(), strict=True)
        ],
        "direction": [direction] * len(events),
        "status": events["status"].tolist(),
        "occurred_at": events["at"].to_numpy(),
        "courier": names_of(COURIERS, events["courier"].to_numpy()),
        "tracking_no": [
            f"{prefix}{number % 10**13:013d}"
            for prefix, number in zip(prefixes, events["tracking"].tolist(), strict=True)
        ],
        "received_by": names_of(RECEIVERS, events["received"].to_numpy()),
        "weight_g": events["grams"].to_numpy(),
        "known_at": late_known_at(rng, events["at"].to_numpy(), 0.02, 3 * DAY_MS, end),
    }
