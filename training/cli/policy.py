"""Commands around policies: check, diff, backtest."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from training.cli import shell
from training.cli.shell import out, progress, store, tidy

policies = typer.Typer(help="Policy files.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="A policy file.")]


@policies.command("check")
@tidy
def check(file: File) -> None:
    """Say whether a policy file can be used, with every line at fault."""
    from risk.policy import load

    out.print(f"{file}: valid, version {load(file).version}")


@policies.command("diff")
@tidy
def compare(before: File, after: File) -> None:
    """What changed from one policy file to another, by path."""
    from risk.policy import diff, load

    changes = diff(load(before), load(after))
    for change in changes:
        out.print(f"{change.path}: {change.before} → {change.after}", markup=False)
    if not changes:
        out.print("no difference")


@tidy
def backtest(
    policy: Annotated[list[Path], typer.Option(help="A policy file; repeat it to compare.")],
    sweep: Annotated[
        str, typer.Option(help="PATH=A,B,C: the first policy with each value, as a frontier.")
    ] = "",
    reviewers: Annotated[int, typer.Option(help="How many work the queue.")] = 2,
    minutes: Annotated[float, typer.Option(help="How long a case takes.")] = 15.0,
    json: Annotated[Path | None, typer.Option(help="Write the numbers here.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the frontier here.")] = None,
) -> None:
    """Replay stored requests under other policies: cost, friction, tier mix, queue."""
    from risk.policy import load
    from training.backtest import Staff, by_segment, prepare, run, summary
    from training.promote import bundle_at

    rivals = {"in force": shell.policy()} | {str(path): load(path) for path in policy}
    rivals |= _swept(rivals[str(policy[0])], sweep)
    twin = bundle_at(shell.registry(), "champion", twin=True)
    with store() as history, progress("backtest") as tell:
        replayed = prepare(history, twin, int(twin.about["trained_until"]), tell)
    found = {name: run(one, replayed) for name, one in rivals.items()}
    numbers = {name: summary(rows, Staff(reviewers, minutes)) for name, rows in found.items()}
    for line in _table(numbers):
        out.print(line, markup=False)
    if json:
        segments = {name: by_segment(rows).to_dict("records") for name, rows in found.items()}
        written = {name: {**one, "segments": segments[name]} for name, one in numbers.items()}
        options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY
        json.write_bytes(orjson.dumps(written, default=_plain, option=options))
    if plot:
        from training.plots import frontier

        frontier(numbers).savefig(plot)


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value._asdict()


def _swept(policy: Any, sweep: str) -> dict[str, Any]:
    from risk.policy import vary

    if not sweep:
        return {}
    path, _, values = sweep.partition("=")
    return {f"{path}={value}": vary(policy, {path: float(value)}) for value in values.split(",")}


def _table(numbers: dict[str, dict[str, Any]]) -> list[str]:
    head = f"{'policy':32}{'honest bothered':>24}{'saved':>24}{'cost':>10}{'approve':>9}{'ask':>7}"
    lines = [head + f"{'person':>8}{'/h':>7}{'missed':>8}"]
    for name, one in numbers.items():
        friction, saved, cost = (
            one[key] for key in ("honest_bothered", "saved_share", "cost_a_request")
        )
        tiers = [
            one["tiers"].get(tier, 0)
            for tier in ("approve", "request_evidence", "platform_intervention")
        ]
        lines.append(
            f"{name[-32:]:32}{_share(friction):>24}{_share(saved):>24}{cost.value:>10.2f}"
            f"{tiers[0]:>9,}{tiers[1]:>7,}{tiers[2]:>8,}{one['queue_per_hour']:>7.2f}"
            f"{one['deadlines_missed']:>8,}"
        )
    first = next(iter(numbers.values()))
    lines.append(f"{first['requests']:,} requests, {first['labelled']:,} of them with a label")
    return lines


def _share(one: Any) -> str:
    return f"{one.value:.2%} ({one.low:.2%} to {one.high:.2%})"
