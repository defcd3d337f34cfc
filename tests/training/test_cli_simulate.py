"""The simulator's knobs on the command line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from training.cli import app

SMALL = ["--refunds", "400", "--orders", "3", "--prevalence", "0.3", "--seed", "5"]


def made(folder: Path, *options: str) -> pd.DataFrame:
    """The truth of a world made with the options, with `labelled` where an outcome speaks."""
    result = CliRunner().invoke(app, ["simulate", "--out", str(folder / "world"), *SMALL, *options])
    assert result.exit_code == 0, result.output
    truth = pd.read_parquet(folder / "truth.parquet")
    outcomes = pd.read_parquet(folder / "world" / "outcomes.parquet")
    audited = outcomes.loc[outcomes["selected_by"] == "random_audit", "refund_id"]
    return truth.assign(audited=truth["refund_id"].isin(audited))


def test_only_the_schemes_of_the_mix_occur(tmp_path: Path) -> None:
    truth = made(tmp_path, "--mix", "account_ring=2", "--mix", "wear_and_return=1")
    counts = truth["scheme"].value_counts()
    assert set(counts.index) == {"account_ring", "wear_and_return"}
    assert counts["account_ring"] > counts["wear_and_return"]


def test_a_scheme_held_back_begins_on_its_day(tmp_path: Path) -> None:
    truth = made(tmp_path, "--held-back", "wear_and_return=2025-11-01")
    mine = truth[truth["scheme"] == "wear_and_return"]
    assert len(mine)
    assert mine["requested_at"].min() >= pd.Timestamp("2025-11-01", tz="Asia/Shanghai")
    assert truth["requested_at"].min() < pd.Timestamp("2025-05-01", tz="Asia/Shanghai")


def test_the_random_audit_draws_the_share_it_is_given(tmp_path: Path) -> None:
    some = made(tmp_path, "--audit-share", "0.2", "--label-share", "0.6")["audited"].mean()
    assert 0.1 < some < 0.25
    assert not made(tmp_path, "--audit-share", "0")["audited"].any()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--mix", "wear_and_return"], "NAME=VALUE is wanted"),
        (["--held-back", "wear_and_return=soon"], "NAME=VALUE is wanted"),
        (["--mix", "unheard_of=1"], "schemes must be among"),
        (["--audit-share", "2"], "audit_share must lie between 0 and 1"),
    ],
)
def test_a_knob_that_makes_no_world_is_refused_in_one_line(
    tmp_path: Path, options: list[str], told: str
) -> None:
    result = CliRunner().invoke(app, ["simulate", "--out", str(tmp_path / "world"), *options])
    assert result.exit_code == 1
    assert told in result.output
