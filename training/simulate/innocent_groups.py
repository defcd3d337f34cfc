"""Groups of honest customers that resemble abusers, so that their friction can be measured."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS
from training.simulate.customers import DORMITORY, HOUSEHOLD, LOCKER, RESELLER, People
from training.simulate.honest_requests import CAUSE_NAMES, COURIER_FAULTS

TERSE = 6


def innocent_groups(frame: pd.DataFrame, parcels: pd.DataFrame, people: People) -> list[str | None]:
    """The first group that matches each honest request; None for ordinary and for false ones."""
    who, parcel = frame["who"].to_numpy(), frame["parcel"].to_numpy()
    group = people.group[who]
    road = np.isin(frame["cause"], [CAUSE_NAMES.index(name) for name in COURIER_FAULTS])
    bad_week = (parcel >= 0) & (parcels["bad_week"].to_numpy()[parcel] > 0)
    brief = np.array(
        [not isinstance(text, str) or len(text) <= TERSE for text in frame["text"].tolist()]
    )
    young = frame["requested"].to_numpy() - people.created[who] < 30 * DAY_MS
    honest = frame["crew"].to_numpy() < 0
    tests = {
        "reseller": group == RESELLER,
        "defective_batch": frame["bad_batch"].to_numpy() & ~road,
        "bad_depot": bad_week & road,
        "dormitory": group == DORMITORY,
        "locker": group == LOCKER,
        "newcomer": young,
        "household": (group == HOUSEHOLD) & _sharing(people)[who],
        "terse_writer": brief,
    }
    names = np.select(list(tests.values()), list(tests), default="")
    return [name or None for name in np.where(honest, names, "").tolist()]


def _sharing(people: People) -> np.ndarray:
    """Mask (n,) of customers whose card, phone or payout account another customer has too."""
    shared = np.zeros(len(people), dtype=bool)
    for values in (people.payment, people.phone >> 4, people.payout):
        _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
        shared |= counts[place] > 1
    return shared
