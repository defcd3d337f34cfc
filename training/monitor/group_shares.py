"""How often the honest people of groups are bothered by their score, against all the honest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from risk.facts.localised import LocalisedText
from risk.history.monitor_reports import Estimate
from training.learn.lives import groups_in
from training.learn.promise import (
    NO_THRESHOLD,
    cluster_effective_size,
    customer_and_week_clusters,
)
from training.monitor.agreement import clopper_pearson
from training.monitor.challenger_sentences import told

FAIR = 1.25
"""A group is bothered too often where it surely is so many times as often as all are."""

NAMES = {
    "household": ("households", "与家人长期共用的客户"),
    "newcomer": ("newcomers", "新客户"),
    "crowd": ("people who live where many live", "多人共住地址的客户"),
}


class GroupShare(NamedTuple):
    """The share of `honest` requests of a group that their score bothered."""

    share: Estimate
    honest: int


def bothered(found: pd.DataFrame, flag: str = "bothered") -> Estimate:
    """The weighted share ever bothered, or of another flag; its interval counts what the requests
    are worth in independent ones (see `training.learn.promise`)."""
    if found.empty:
        return Estimate(*clopper_pearson(0, 0))
    flags = found[flag].to_numpy(dtype=float)
    weight = found["weight"].to_numpy(dtype=float)
    mean = float(np.average(flags, weights=weight))
    worth = cluster_effective_size(flags, weight, customer_and_week_clusters(found))
    return Estimate(*clopper_pearson(mean * worth, worth))


def group_shares(lives: pd.DataFrame, rows: pd.DataFrame) -> dict[str, GroupShare]:
    """Of the groups that requests belong to as they are made; `rows` have their features."""
    by_score = lives["bothered"].astype(bool) & (lives["peak"] < NO_THRESHOLD)
    score = lives.assign(bothered=by_score)
    asked = rows[rows["stage"] == "request"].drop_duplicates("refund_id").set_index("refund_id")
    members = groups_in(asked.reindex(lives["refund_id"]))
    return {
        name: GroupShare(bothered(score[of]), int(of.sum()))
        for name, of in members.items()
        if of.any()
    }


def group_sentences(
    groups: Mapping[str, GroupShare], by_score: float, *, beyond: bool = False
) -> Iterator[LocalisedText]:
    """What was measured of each group, or only of those surely bothered more than `FAIR` times as
    often as all the honest (`by_score`)."""
    for name, (share, honest) in groups.items():
        if beyond and share.low <= FAIR * by_score:
            continue
        en, zh = NAMES[name]
        yield told(
            f"honest {en} bothered by their score: {share.value:.1%} ({share.low:.1%} to "
            f"{share.high:.1%}) of {honest:,}, all the honest {by_score:.1%}"
            + (f"; more than {FAIR:g} times as often, train again" if beyond else ""),
            f"因评分被打扰的诚实客户（{zh}）：{honest:,}次中{share.value:.1%}"
            f"（{share.low:.1%}至{share.high:.1%}），全部诚实申请{by_score:.1%}"
            + (f"；超过其{FAIR:g}倍，请重新训练" if beyond else ""),
        )
