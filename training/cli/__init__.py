"""The command `refund-risk`."""

from __future__ import annotations

import typer

from training.cli import (
    backup,
    checks,
    clock,
    data,
    demo,
    feature,
    fit_starter,
    mapping,
    mlflow_records,
    model,
    people,
    policy,
    privacy,
    retract,
    score,
    serve,
    webhooks,
)
from training.cli.command_group import CommandGroup

app = typer.Typer(
    help="Decides refund requests: approve, request evidence, or put before a person.",
    cls=CommandGroup,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("simulate")(data.simulate)
app.command("import")(data.import_)
app.command()(retract.retract)
app.command()(retract.imports)
app.command("convert")(data.convert)
app.add_typer(mapping.mappings, name="mapping")
for _command in (
    model.train,
    model.evaluate,
    model.promote,
    model.rollback,
    score.score,
    checks.replay,
    checks.monitor,
    model.challenge,
    mlflow_records.register,
    mlflow_records.relocate_artifacts,
):
    app.command()(_command)
app.command()(fit_starter.fit_starter)
app.command()(serve.serve)
app.command()(demo.demo)
app.add_typer(serve.keys, name="keys")
app.add_typer(people.people, name="people")
app.add_typer(webhooks.receivers, name="receivers")
app.add_typer(webhooks.endpoints, name="endpoints")
app.command()(backup.backup)
app.command()(clock.clock)
app.command()(serve.rotate_secret)
app.command()(privacy.forget)
app.command()(privacy.suppression_list)
app.command("tidy")(privacy.clear)
app.command()(policy.backtest)
app.command()(feature.explain_feature)
app.add_typer(policy.policies, name="policy")
