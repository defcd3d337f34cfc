"""Answers of the notebook that reviews a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from risk.explain.feature_title import feature_title
from risk.features.spec import Feature
from risk.policy import Policy
from training.check.backtest import BacktestCases, run
from training.check.caps_held import caps_held, unchanged
from training.judge.evaluate import Evaluation
from training.notebook.explored import plain
from training.notebook.workbench import Answer

MOST_NAMED = 3
TIERS = {"approve": "approve", "request_evidence": "ask", "platform_intervention": "person"}


def ranking(found: Evaluation) -> Answer:
    """How well the score ranks, and what that number is not."""
    auc, money = found.metrics["auc"], found.metrics["money_at_5"]
    return Answer(
        f"Of an abusive and an honest request it gives the abusive one the higher probability in "
        f"{auc.value:.0%} of pairs ({auc.low:.0%} to {auc.high:.0%}). If the score alone decided "
        f"and 5 % of the honest were bothered, {money.value:.0%} of the abusive money "
        f"({money.low:.0%} to {money.high:.0%}) would be stopped. That is the ranking: what the "
        "policy stops of it, with its rules, costs and caps, is another number, below."
    )


def errors(found: Evaluation) -> Answer:
    """How many requests lie on the wrong side of the bar."""
    seen = found.request_rows
    below = seen.probability < np.maximum(found.ask_above, found.request_floors)
    missed, wronged = (below & (seen.y > 0.5)), (~below & (seen.y < 0.5))
    honest = seen.y < 0.5
    share = float(seen.weight[wronged].sum() / seen.weight[honest].sum())
    return Answer(
        f"At the bar of {found.ask_above:.3g}, from which it asks, {missed.sum():,} of "
        f"{int((~honest).sum()):,} abusive requests lie below it and would be taken for honest; "
        f"{wronged.sum():,} of {honest.sum():,} honest ones reach it. Those are requests somebody "
        f"looked into, mostly because they looked odd: weighed for that, {share:.1%} of all honest "
        "requests reach it. The tables show the worst of both."
    )


def groups_beyond(tables: Sequence[pd.DataFrame], promised: float) -> Answer:
    """Which groups are surely bothered more than was promised for all, else which are most."""
    rows = [
        (row["at least"] > promised, row["bothered"], f"{plain(str(table.columns[0]))} "
         f"{plain(str(row.iloc[0]))} ({row['bothered']:.1%} of {row['honest']:,}, at most "
         f"{row['at most']:.1%})")
        for table in tables
        for _, row in table.iterrows()
    ]  # fmt: skip
    if not rows:
        return Answer("No group has enough honest requests to be judged by itself.")
    if sure := [name for beyond, _, name in rows if beyond]:
        return Answer(f"Surely more than the {promised:.0%} promised for all: {', '.join(sure)}.")
    most = [name for _, _, name in sorted(rows, key=lambda row: -row[1])[:MOST_NAMED]]
    return Answer(
        f"No group is surely bothered more than the {promised:.0%} promised for all. The highest "
        f"shares, each of few requests: {', '.join(most)}."
    )


def tiers(numbers: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """How many requests get each answer, a row a policy."""
    rows = {name: one["tiers"] for name, one in numbers.items()}
    table = pd.DataFrame(rows).T.reindex(columns=list(TIERS)).fillna(0).astype(int)
    return table.rename(columns=TIERS)


def bars_told(numbers: Mapping[str, Mapping[str, Any]], policy: Policy) -> Answer:
    """What moving the bar does between the lowest and the highest that was tried."""
    ends = [list(numbers.items())[at] for at in (0, -1)]
    (low, high), measured = zip(*ends, strict=True)
    shown, money = (
        [one[name].value for one in measured] for name in ("honest_bothered", "saved_share")
    )
    return Answer(
        f"From {low} to {high}, honest people bothered go from {shown[0]:.1%} to {shown[1]:.1%}, "
        f"abusive money stopped from {money[0]:.1%} to {money[1]:.1%}. A bar below the policy's "
        f"caps.ask_above ({policy.caps.ask_above:g}) changes nothing: that cap holds there."
    )


def held(policy: Policy, cases: BacktestCases) -> Answer:
    """What keeps the policy from stopping what the ranking could."""
    told = caps_held(policy, cases, run(policy, cases))
    return Answer(f"{told[0].upper()}{told[1:]}.")


def prices_told(policies: Mapping[str, Policy], policy: Policy, cases: BacktestCases) -> Answer:
    """Which prices change no answer, and why; else how far the answers move."""
    found = {name: run(one, cases, policy) for name, one in policies.items()} | {
        "the policy in force": run(policy, cases)
    }
    same: dict[str, list[str]] = {}
    for line in unchanged(policies, cases, found, "the policy in force"):
        name, _, why = line.partition(" changes no answer: ")
        same.setdefault(why, []).append(name)
    held = [f"Nothing changes where {', '.join(names)}: {why}." for why, names in same.items()]
    asked = [int((rows["tier"] != "approve").sum()) for rows in found.values()]
    some = f"{min(asked):,}"
    some += f" to {max(asked):,}, by the price," if max(asked) > min(asked) else ""
    told = f"{some} of {len(cases.cases):,} requests are not approved at once. {' '.join(held)}"
    return Answer(told.strip())


def counterfactual(table: pd.DataFrame, ask_above: float) -> Answer:
    """What single change would have taken the request below the bar."""
    as_it_is, changed = table.iloc[0]["probability"], table.iloc[1:]
    enough = changed[changed["probability"] < ask_above]
    if enough.empty:
        return Answer(
            f"None of these changes alone takes it from {as_it_is:.1%} below the bar of "
            f"{ask_above:.3g}: several signs agree."
        )
    names = ", ".join(enough["feature"].head(3))
    return Answer(
        f"It would have been below the bar of {ask_above:.3g} instead of {as_it_is:.1%} if one of "
        f"these had been as usual: {names}."
    )


def in_words(table: pd.DataFrame, features: Sequence[Feature]) -> pd.DataFrame:
    """A table of `what_if` with its features in words."""
    titles = {feature.name: feature_title(feature) for feature in features}
    return table.assign(feature=[titles.get(name, name) for name in table["feature"]])
