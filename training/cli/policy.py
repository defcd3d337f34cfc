"""Commands around policies: check, diff, backtest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from training.cli import shell
from training.cli.command_group import CommandGroup
from training.cli.outputs import check_output
from training.cli.shell import one_line_errors, out, progress, store

if TYPE_CHECKING:
    from risk.policy import Policy

policies = typer.Typer(help="Policy files.", cls=CommandGroup)
IN_FORCE = "in force"
TITLES = ("honest bothered", "honest that only wait", "abusive money stopped", "cost a request")
WRITTEN = {
    "honest_bothered": ".1%", "honest_waiting": ".1%", "saved_share": ".1%", "cost_a_request": ".2f"
}  # fmt: skip
"""The columns of a backtest and how each is written."""
TIERS = {"approve": "approve", "request_evidence": "ask", "platform_intervention": "person"}
JSON = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY
File = Annotated[Path, typer.Argument(help="A policy file.")]


@policies.command("check")
@one_line_errors
def check(file: File) -> None:
    """Check whether a policy file can be used; name every line at fault."""
    from risk.policy import load

    policy = load(file)
    out.print(f"{file}: {validity(policy)}", markup=False)
    for path in policy.taken:
        out.print(f"not in the file, taken from the default policy: {path}", markup=False)


def validity(policy: Policy) -> str:
    """The version and the name of a policy that can be used."""
    return f"valid, version {policy.version} of `{policy.name}`"


@policies.command("diff")
@one_line_errors
def compare(before: File, after: File) -> None:
    """List what changed from one policy file to another, by path."""
    from risk.policy import diff, load

    changes = diff(load(before), load(after))
    for change in changes:
        out.print(f"{change.path}: {change.before} → {change.after}", markup=False)
    if not changes:
        out.print("no difference")


@one_line_errors
def backtest(
    policy: Annotated[list[Path], typer.Option(help="A policy file; repeat it to compare.")],
    sweep: Annotated[
        str, typer.Option(help="PATH=A,B,C: the first policy with each value, as a frontier.")
    ] = "",
    reviewers: Annotated[int, typer.Option(min=1, help="How many work the queue.")] = 2,
    minutes: Annotated[float, typer.Option(min=0.1, help="How long a case takes.")] = 15.0,
    json: Annotated[Path | None, typer.Option(help="Write the numbers here.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the frontier here.")] = None,
) -> None:
    """Replay stored requests under other policies: cost, friction, tier mix, queue."""
    from risk.policy import load
    from training.cases.dataset_cache import DatasetCache
    from training.check.backtest import against, by_segment, prepare, run, summary
    from training.check.caps_held import caps_held, unchanged
    from training.check.staffing import Staff
    from training.promote import bundle_at

    rivals = {IN_FORCE: shell.policy()} | {str(path): load(path) for path in policy}
    swept = _swept(rivals[str(policy[0])], sweep)
    rivals |= swept
    for path in (json, plot):
        check_output(path)
    registry = shell.registry()
    twin = bundle_at(registry, "champion", twin=True)
    since = int(twin.about["trained_until"])
    with store() as history, progress("backtest") as advance:
        cache = DatasetCache.of(registry, history, advance)
        replayed = prepare(history, twin, since, advance, cache)
    found = {name: run(one, replayed, rivals[IN_FORCE]) for name, one in rivals.items()}
    numbers = {name: summary(rows, Staff(reviewers, minutes)) for name, rows in found.items()}
    for name in list(numbers)[1:]:
        numbers[name]["against_in_force"] = against(found[name], found[IN_FORCE])
    held = [
        f"{name}: {caps_held(one, replayed, found[name])}"
        for name, one in rivals.items()
        if name not in swept
    ]
    held += unchanged(swept, replayed, found, str(policy[0]))
    said = (scope_of(since, rivals[IN_FORCE]), *notes(numbers, reviewers, minutes), *held)
    for line in (*table(numbers), *said):
        out.print(line, markup=False)
    if json:
        segments = {name: by_segment(rows).to_dict("records") for name, rows in found.items()}
        written = {name: {**one, "segments": segments[name]} for name, one in numbers.items()}
        json.write_bytes(orjson.dumps(written, default=_plain, option=JSON))
    if plot:
        from training.judge.plots import policy_frontier

        policy_frontier(numbers).savefig(plot)


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value._asdict()


def _swept(policy: Policy, sweep: str) -> dict[str, Policy]:
    """The policy with each value of `PATH=A,B,C`, by that change. Raises ValueError."""
    from risk.policy import vary

    if not sweep:
        return {}
    path, _, values = sweep.partition("=")
    try:
        numbers = [float(value) for value in values.split(",")]
    except ValueError as wrong:
        raise ValueError(f"--sweep is PATH=A,B,C with numbers, not {sweep}") from wrong
    return {f"{path}={value:g}": vary(policy, {path: value}) for value in numbers}


def table(numbers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Each policy's numbers, and below them how they differ from the policy in force."""
    wide = max(len(name) for name in (*numbers, "policy"))
    head = "".join(f"  {title:>26}" for title in TITLES)
    lines = [f"{'policy':{wide}}{head}" + "".join(f"{title:>10}" for title in TIERS.values())]
    for name, one in numbers.items():
        tiers = "".join(f"{one['tiers'].get(tier, 0):>10,}" for tier in TIERS)
        lines.append(f"{name:{wide}}{_cells(one, '')}{tiers}")
        if "against_in_force" in one:
            lines.append(f"{'  difference':{wide}}{_cells(one['against_in_force'], '+')}")
    return lines


def _cells(one: Mapping[str, Any], sign: str) -> str:
    return "".join(f"  {_cell(one[name], kind, sign):>26}" for name, kind in WRITTEN.items())


def _cell(one: Any, kind: str, sign: str) -> str:
    """A number with its interval; one that could not be measured is a dash."""
    if one.value != one.value:
        return "–"
    value, low, high = (f"{number:{sign}{kind}}" for number in (one.value, one.low, one.high))
    return f"{value} ({low} to {high})"


def scope_of(since: int, policy: Policy) -> str:
    """The requests that were decided again, and the currency of the table."""
    from risk.facts.format import iso

    unseen = "which the champion's twin has not learned from"
    return f"requests made since {iso(since)[:10]}, {unseen}; money in {policy.currency.base}"


def notes(
    numbers: Mapping[str, Mapping[str, Any]], reviewers: int, minutes: float
) -> Iterator[str]:
    """What the table rests on, and what each policy means for the people who work the queue."""
    first = next(iter(numbers.values()))
    yield (
        f"{first['requests']:,} requests; shares and costs are those of the {first['labelled']:,} "
        "with a finding, weighed for how they were chosen to be looked into; brackets: 95 %"
    )
    yield (
        "bothered: asked for something, or before a person; those who only wait for an answer of "
        "the shop or the courier are counted beside it: both together are not approved at once"
    )
    yield "cost: abuse paid, honest people bothered and work, all at the prices of the one in force"
    for name, one in numbers.items():
        yield (
            f"queue under {name}: {one['queue_per_hour']:.2g} cases an hour, "
            f"{one['queue_busiest_hour']:,} in the busiest; {one['deadlines_missed']:,} too late "
            f"with {reviewers} at work, {minutes:g} minutes a case"
        )
