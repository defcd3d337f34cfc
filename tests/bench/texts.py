"""What learning from what texts say is worth: `python -m tests.bench.texts`, judged by the truth.

Made shops whose texts also say something: phrases in both languages, each likelier with abusive or
with honest requests by a strength drawn for each world; then the same with the article and the shop
named in every text. AUC and average precision of every request of the latest quarter, with the
words and without; and how often honest people are above the score that 5 % of the honest reach, by
group, against all of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from risk.features.word_weights import WORDS
from risk.identity import Hasher
from risk.model.pyfunc import frame_probabilities
from risk.policy import load
from tests.bench.learned.judged import above_bar, against_truth, interval
from tests.bench.learned.world import KEY, TOLD, World, features
from training.facts.arrow_tables import of_columns
from training.facts.read_folder import read_folder
from training.learn.fit import fit
from training.learn.plan import TrainingOptions
from training.simulate import simulate

CUT, FRICTION, STRENGTH = 0.75, 0.05, 1.2
PHRASES = {
    True: """
 the seal was open; a second charge on the account; the code was used already; a hinge came
 off; the lid leaks; the manual is missing; paint comes off; it smells of smoke; the hose
 does not fit; the courier left it outside; the label shows another model; the pump makes
 noise; the strap tore; water got in; the stand wobbles; the invoice is missing; it was
 packed twice; the button sticks; the colour runs; it stopped after an update""",
    False: """
 封条开过; 账户扣了两次; 兑换码已经用过; 合页掉了; 盖子漏水; 少了说明书; 掉漆; 有烟味;
 水管接不上; 快递放在门外; 标签是别的型号; 水泵有噪音; 带子断了; 进水; 支架晃动; 没有发票;
 包装了两层; 按键卡住; 掉色; 更新后不能用""",
}
"""By whether they are English: what texts of these worlds say besides."""
NAMED, BARE, WITHOUT = "with words, articles and shops named", "with words", "without"
console = Console(width=120)


def main(
    worlds: Annotated[int, typer.Option(help="How many made worlds.")] = 6,
    refunds: Annotated[int, typer.Option(help="Refund requests a world.")] = 8_000,
    first: Annotated[int, typer.Option(help="The first world's seed.")] = 30_000,
) -> None:
    """Print the gain, and honest people bothered by group."""
    found = [world(first + number, refunds) for number in range(worlds)]
    table = Table("", "AUC", "average precision", title=f"{worlds} worlds of {refunds:,} requests")
    for name in (NAMED, BARE, WITHOUT):
        means = (np.mean([one[name][m] for one in found]) for m in ("auc", "average_precision"))
        table.add_row(name, *(f"{mean:.3f}" for mean in means))
    gains = [
        [one[BARE][m] - one[WITHOUT][m] for one in found] for m in ("auc", "average_precision")
    ]
    table.add_row("gain without names (95 %)", *("{:+.3f} ({:+.3f} to {:+.3f})".format(*interval(g))
                                                 for g in gains))  # fmt: skip
    console.print(table)
    console.print(pd.DataFrame({name: groups(found, name) for name in (NAMED, BARE, WITHOUT)}))


def groups(found: Sequence[dict[str, Any]], name: str) -> pd.Series:
    """How often honest requests of a group are above the bar, against all honest ones, pooled."""
    rows = pd.concat([one[name]["honest"] for one in found])
    above = rows.groupby("group")["above"].mean()
    ratio: pd.Series = above / above["all"]
    return ratio


def world(seed: int, refunds: int) -> dict[str, Any]:
    """What one world shows, by variant."""
    found: dict[str, Any] = {}
    for name in (NAMED, BARE):
        made = _made(seed, refunds, named=name == NAMED)
        known, later = made.known(made.moment(CUT)), made.later(made.moment(CUT))
        for variant in (name, WITHOUT) if name == BARE else (name,):
            rows = known.frame.drop(columns=WORDS) if variant == WITHOUT else known.frame
            share = made.policy.caps.honest_share
            bundle = fit(rows, features(), TrainingOptions().fast(), share).bundle
            scores = frame_probabilities(bundle, later.frame)
            found[variant] = {
                **against_truth(later.frame, scores),
                "honest": _honest(later.frame, scores),
            }
    console.print(
        f"{seed}: " + ", ".join(f"{name} {one['auc']:.3f}" for name, one in found.items())
    )
    return found


def _honest(later: pd.DataFrame, scores: np.ndarray) -> pd.DataFrame:
    """Honest requests by group, and whether they are above the bar."""
    rows = later.assign(above=above_bar(later, scores, FRICTION))[later["y"] < 0.5]
    parts = {
        "all": rows,
        "no text": rows[rows[WORDS].isna()],
        "brief": rows[rows["text_length"] < 12],
        "English": rows[rows["currency"] != "CNY"],
        "Chinese": rows[rows["currency"] == "CNY"],
        "newcomers": rows[rows["account_age_days"] < 30],
        **{str(name): part for name, part in rows.groupby("innocent_group")},
    }
    return pd.concat([part[["above"]].assign(group=name) for name, part in parts.items()])


def _made(seed: int, refunds: int, *, named: bool) -> World:
    """A world whose texts say something of the truth, and perhaps name article and shop."""
    with tempfile.TemporaryDirectory(prefix="texts") as folder:
        place = Path(folder) / "world"
        simulate(place, refunds=refunds, seed=seed, label_share=0.4, western_share=0.5)
        truth = pd.read_parquet(Path(folder) / "truth.parquet", columns=["refund_id", *TOLD])
        truth = truth.set_index("refund_id")
        asked = pd.read_parquet(place / "refunds.parquet")
        bought = pd.read_parquet(place / "orders.parquet").drop_duplicates("order_id")
        asked["reason_text"] = _texts(asked, bought.set_index("order_id"), truth, seed, named=named)
        asked.to_parquet(place / "refunds.parquet")
        facts = of_columns(read_folder(place, Hasher(KEY)))
    return World(facts, truth, load(None))


def _texts(
    asked: pd.DataFrame, bought: pd.DataFrame, truth: pd.DataFrame, seed: int, *, named: bool
) -> list[str | None]:
    rng = np.random.default_rng(seed)
    said = {english: [one.strip() for one in text.split(";")] for english, text in PHRASES.items()}
    lean = {english: rng.normal(0, STRENGTH, len(said[english])) for english in said}
    texts: list[str | None] = []
    for text, refund, order in asked[["reason_text", "refund_id", "order_id"]].itertuples(
        index=False
    ):
        if not isinstance(text, str):
            texts.append(None)
            continue
        english = text.isascii()
        odds = np.exp(lean[english] * (0.5 if truth.at[refund, "positive"] else -0.5))
        more = rng.choice(said[english], 2, replace=False, p=odds / odds.sum()).tolist()
        line = bought.loc[order]
        more += [f"{line['category']} shop{line['merchant_id']}"] if named else []
        texts.append(f"{text}, {', '.join(more)}")
    return texts


if __name__ == "__main__":
    typer.run(main)
