"""Retractions by callers bound to merchants: of their own facts only, by the ids that they use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from risk.errors import Forbidden, Problem
from risk.facts import KINDS, OWN_IDS, RETRACTIONS
from risk.facts.fact_keys import key_text, parse_key
from risk.facts.parse_columns import Columns
from risk.history.connection.connect import Write
from risk.history.facts.fact_columns import target_of
from risk.history.schema.schema_tenants import waiting_facts
from risk.history.tenants.caller import Caller
from risk.history.tenants.id_scope import CREATED_BY, IdScope, bring_up, of_brought_up, read_scope
from risk.history.tenants.ownership import Subject, of_subjects
from risk.identity import Hasher

_c = waiting_facts.c


def scope_retractions(write: Write, caller: Caller, parsed: Columns, hasher: Hasher) -> Columns:
    """Parsed retractions of a caller that speaks for merchants, with internal ids in their keys.

    What waits of what they take back is dropped. Raises Forbidden for a fact that is not known to
    be about the merchants' own.
    """
    keys = [
        parse_key(KINDS[kind], text)
        for kind, text in zip(parsed["kind"], parsed["key"], strict=True)
    ]
    named = [{name: [key[name]] for name in OWN_IDS if name in key} for key in keys]
    scope = read_scope(write, caller, named)
    if not caller.bound:
        bring_up(write, caller, scope, _believed(caller, keys))
    texts = []
    for row, (kind, text, key) in enumerate(zip(parsed["kind"], parsed["key"], keys, strict=True)):
        internal = {**key, **{n: scope.of(n, key[n]) for n in OWN_IDS if key.get(n)}}
        waited = _drop(write, caller, kind, target_of(KINDS[kind], text, hasher))
        if caller.bound and not waited and not _is_own(write, caller, scope, kind, key):
            problem = Problem(
                RETRACTIONS.name, row, "key", "a fact of this key's merchants", "none"
            )
            raise Forbidden("this key takes back facts of its own merchants only", problem)
        texts.append(key_text(KINDS[kind], internal))
    return {**parsed, "key": texts}


def _believed(caller: Caller, keys: Sequence[Mapping[str, Any]]) -> dict[Subject, str]:
    """What a caller for all merchants names is the merchant's that it says, also where another had
    the id before."""
    return {
        (name, key[name]): str(caller.merchant) for key in keys for name in OWN_IDS if key.get(name)
    }


def _is_own(
    write: Write, caller: Caller, scope: IdScope, kind: str, key: Mapping[str, Any]
) -> bool:
    """Whether a fact is known to be about an order or request of the caller's merchants."""
    called = {(name, key[name]) for name in OWN_IDS if key.get(name)}
    if called & scope.others - scope.own:
        return False
    named = {(name, scope.of(name, value)) for name, value in called}
    brought_up = {s for s in named if CREATED_BY.get(s[0]) == kind}
    owners = {
        **of_subjects(write.connection, named),
        **of_brought_up(write.connection, brought_up),
    }
    return bool(named) and all(
        owners.get(subject) and owners[subject] <= caller.merchants for subject in named
    )


def _drop(write: Write, caller: Caller, kind: str, target: int) -> bool:
    """Drop what waits of a fact of the caller's; whether anything did."""
    merchants = orjson.dumps(sorted(caller.merchants)).decode()
    here = (_c.kind == kind, _c.fact_key == target, _c.merchants == merchants)
    return bool(write.connection.execute(sa.delete(waiting_facts).where(*here)).rowcount)
