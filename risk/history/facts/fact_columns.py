"""Parsed facts to the columns that are stored, without any raw identity.

Identities become keyed hashes, free text becomes measures and fingerprints, and the key and the
content of each fact become digests, by which a repetition differs from a conflict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

from risk.facts import KINDS, RECORDS, RETRACTIONS, Kind
from risk.facts.columns import NEARNESS, STORED, TEXT_COLUMNS, WORDS, Column
from risk.facts.fact_keys import key_text, parse_key
from risk.facts.parse_columns import Columns
from risk.facts.revisions import FOREVER
from risk.identity import Hasher
from risk.text import analyse, topics


def to_stored_columns(kind: Kind, parsed: Columns, hasher: Hasher) -> Columns:
    """The stored columns of parsed facts, all of one length.

    Forgotten customers who come back have new ids; `SuppressionList.kept_rows` says which rows may
    be stored at all.
    """
    parsed = hasher.suppression_list.rename_returning(kind, parsed)
    if kind is RETRACTIONS:
        return _retractions(parsed, hasher)
    stored: Columns = {}
    for field in kind.fields:
        values = parsed[field.name]
        if not field.identity:
            stored[field.name] = values
            continue
        for entity in (
            (field.identity, "door") if field.identity == "address" else (field.identity,)
        ):
            stored[entity] = _hashed(hasher, entity, values)
    add_digests(kind, stored)
    if kind.name == "refunds":
        stored.update(_text_columns(parsed, hasher))
    if kind.name == "orders":
        stored["topics"] = [topics(category) for category in parsed["category"]]
    number = len(stored["fact_key"])
    if kind.name == "files":
        stored |= {name: [None] * number for name in NEARNESS}
    stored |= {"corrects": [None] * number, "valid_from": [0] * number}
    return stored | {"valid_to": [FOREVER] * number}


def _hashed(hasher: Hasher, entity: str, values: Sequence[Any]) -> list[int | None]:
    """The hash of each value, made once for those that repeat, as the lines of an order do."""
    hashes = {value: hasher.of(entity, value) for value in set(values)}
    return [hashes[value] for value in values]


def target_of(kind: Kind, key: Any, hasher: Hasher) -> int:
    """The `fact_key` of the fact of a kind that a key names (an object, or its JSON).

    Raises ValueError, saying what was expected of the key.
    """
    parsed = parse_key(kind, key, internal=True)
    own = (field for field in kind.fields if field.name in parsed)
    hashed = [
        hasher.of(field.identity, parsed[field.name]) if field.identity else parsed[field.name]
        for field in own
    ]
    return _digests(kind.name, [[value] for value in hashed])[0]


def _retractions(parsed: Columns, hasher: Hasher) -> Columns:
    """What is taken back by the `fact_key` of its first revision, and by its key without hashes."""
    stored = {**parsed, "target": [], "key": []}
    for name, text in zip(parsed["kind"], parsed["key"], strict=True):
        kind = KINDS[name]
        stored["target"].append(target_of(kind, text, hasher))
        shown = {
            k: value
            for k, value in parse_key(kind, text, internal=True).items()
            if not kind.field(k).identity
        }
        stored["key"].append(key_text(kind, shown))
    add_digests(RETRACTIONS, stored)
    return stored


def add_digests(kind: Kind, stored: Columns) -> None:
    """Add to stored columns the digests of each fact's key (`fact_key`) and of its `content`."""
    keys, content, later = _DIGESTED[kind.name]
    stored["fact_key"] = _digests(kind.name, [stored[name] for name in keys])
    added = [_added(row, later) for row in zip(*(stored[c.name] for c in later), strict=True)]
    stored["content"] = _digests("content", [stored[name] for name in content], added)


def revision_key(fact_key: int, revision: int) -> int:
    """The `fact_key` of a later revision, where the first has that of the fact."""
    return _digests("revision", [[fact_key], [revision]])[0]


def _digested(kind: Kind) -> tuple[list[str], list[str], list[Column]]:
    """The columns of a kind's key, of its content, and what was added to that later."""
    apart = ("known_at",) if kind is RETRACTIONS else ("revision", "known_at")
    own = [c for c in STORED[kind.name] if c.field and c.field not in apart]
    keys = [c.name for c in own if c.field in kind.key]
    content = [c.name for c in own if c.name not in keys and not c.later]
    return keys, content, [c for c in own if c.later]


_DIGESTED = {name: _digested(kind) for name, kind in RECORDS.items()}


def _added(values: Sequence[Any], columns: Sequence[Column]) -> str:
    """The values of a row in columns that older facts lack, as text; empty if all are defaults."""
    given = [(c.name, v) for c, v in zip(columns, values, strict=True) if v != c.default]
    return repr(given) if given else ""


def _digests(what: str, columns: Sequence[Sequence[Any]], added: Sequence[str] = ()) -> list[int]:
    """One signed 64-bit digest a row, over a rendering in which no two rows of values agree."""
    start = hashlib.blake2b(what.encode(), digest_size=8)
    digests = []
    for row, more in zip(zip(*columns, strict=True), added or repeat(""), strict=False):
        state = start.copy()
        state.update(repr(row).encode("utf-8", "surrogatepass"))
        state.update(more.encode("utf-8", "surrogatepass"))
        digests.append(int.from_bytes(state.digest(), "big", signed=True))
    return digests


def _text_columns(parsed: Columns, hasher: Hasher) -> Columns:
    columns: Columns = {name: [] for name in TEXT_COLUMNS}
    append: dict[str, Callable[[Any], None]] = {n: c.append for n, c in columns.items()}
    rows = zip(
        parsed["reason_text"], parsed["reason_code"], parsed["type"], parsed["claims_received"],
        strict=True,
    )  # fmt: skip
    for text, reason_code, kind, received in rows:
        wording = analyse(
            text,
            reason_code=reason_code or "other",
            type=kind or "",
            claims_received=None if received is None else bool(received),
            category=None,
        )
        append["text_length"](wording.length)
        append["text_exact"](hasher.of("text", wording.exact))
        for name in ("specificity", "hedging", "contradiction", "irrelevance", "story", "topics"):
            append[name](getattr(wording, name))
        append["agitated"](int(bool(wording.agitated)))
        near = (*wording.near, None, None, None)
        for i in range(3):
            append[f"near_{i + 1}"](hasher.of("text", near[i]))
        append[WORDS]("".join(sorted(set(map(hasher.bucket, wording.words)))) or None)
    return columns
