"""Examine models that were learned, by pairs of cases and the vignettes, through the API.

What a rule decides must hold whatever the model makes of a case: it is held to on the starter, on
the demo's marketplace and on a model of many made requests. What depends on a probability is only
counted, and so is where a sign of the trade moves it otherwise than it should.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, redirect_stderr
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from risk.policy import load
from risk.registry import Registry
from tests.api.serving import SECRET, running
from tests.examination.learned_signs import SIGNS
from tests.examination.pairs import PAIRS
from tests.examination.stories import Telling, without_audits
from tests.examination.vignettes import VIGNETTES
from tests.stores import new_store
from training.demo.cast import REFUNDS, SEED
from training.facts.import_folder import import_folder
from training.learn.plan import TrainingOptions
from training.promote_starter import promote_starter
from training.simulate import simulate
from training.train import promote, train

Fault = tuple[bool, str, str]
"""Whether a rule decides it, its name, and where it falls short."""


def begin(folder: Path) -> None:
    """Put the starter in service in a folder, over an empty store."""
    history = new_store(folder / "store.db", SECRET)
    promote_starter(history, registry_in(folder), load(), _quiet)
    history.close()


def registry_in(folder: Path) -> Registry:
    return Registry(f"sqlite:///{folder}/mlflow.db", folder / "artifacts")


def learn(folder: Path, refunds: int, seed: int) -> None:
    """Fill a folder with a marketplace of so many requests and put a model of it in service."""
    simulate(folder / "world", refunds=refunds, seed=seed)
    history = new_store(folder / "store.db", SECRET)
    import_folder(history, folder / "world")
    registry, policy = registry_in(folder), load()
    trained = train(history, registry, policy, TrainingOptions(jobs=1), _quiet)
    promote(history, registry, policy, trained.version, "an examination", _quiet)
    history.close()


def faults(client: httpx.Client) -> Iterator[Fault]:
    """Where pairs and vignettes fall short of what is expected."""
    for number, pair in enumerate(PAIRS):
        telling = Telling(client, f"P{number}")
        for fault in pair.faults(telling.tell(pair.one), telling.tell(pair.other)):
            yield pair.model == "any", pair.name, fault
    for number, one in enumerate(VIGNETTES):
        for nth, chapter in enumerate(one.chapters):
            decision = Telling(client, f"V{number}-{nth}").tell(chapter.story)
            for fault in chapter.end.faults(decision):
                yield chapter.model == "any", one.title, fault


def examine(name: str, put_in_service: Callable[[Path], None]) -> bool:
    """Whether what a rule decides holds on the model that is put in service in a folder; prints
    what does not."""
    with TemporaryDirectory(prefix="examine") as made:
        folder = Path(made)
        put_in_service(folder)
        policy = folder / "policy.toml"
        policy.write_text(without_audits())
        with ExitStack() as stack, redirect_stderr(TextIOWrapper(BytesIO())):  # calls log
            run = stack.enter_context(running(folder, model=False, policy=policy))
            client = stack.enter_context(run.client(says="platform"))
            found = list(faults(client))
            moved = {sign.name: sign.fault_of(client, f"L{n}") for n, sign in enumerate(SIGNS)}
    ruled = [fault for fault in found if fault[0]]
    print(f"{name}: {len(PAIRS)} pairs, {len(VIGNETTES)} vignettes; "
          f"{len(ruled)} faults where a rule decides, "
          f"{len(found) - len(ruled)} where a probability does")  # fmt: skip
    for by_rule, title, fault in found:
        print(f"  {'rule ' if by_rule else 'model'} {title}: {fault}")
    wrong = {sign: fault for sign, fault in moved.items() if fault}
    print(
        f"  {len(SIGNS)} signs, {len(wrong)} of which move a probability otherwise than they should"
    )
    for sign, fault in wrong.items():
        print(f"  sign  {sign}: {fault}")
    return not ruled


def _quiet(_what: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


def main() -> None:
    """Examine the starter, the demo's model and one of many requests; exit with 1 where a rule does
    not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refunds", type=int, default=20_000, help="how many requests to make")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    held = [
        examine("starter", begin),
        examine("demo", partial(learn, refunds=REFUNDS, seed=SEED)),
        examine(
            f"{options.refunds:,} requests",
            partial(learn, refunds=options.refunds, seed=options.seed),
        ),
    ]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
