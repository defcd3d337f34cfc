"""What an older OpenAPI document promised that a newer one no longer does, as lines of text.

Additions are no difference. What a caller sends may only be accepted more widely: no property gone,
none newly required, no bound tighter. What is answered keeps its properties, and what was always
there stays so. References are resolved on both sides; examples and wording are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
SAME = ("format", "default")
ANNOTATIONS = frozenset({"description", "title", "example", "examples", "default"})


def differences(before: Schema, after: Schema) -> list[str]:
    """Every promise of `before` that `after` breaks, each with the place where."""
    return list(_Comparison(before, after).all())


@dataclass(frozen=True, slots=True)
class _Comparison:
    before: Schema
    after: Schema

    def all(self) -> Iterator[str]:
        for part, sent in (("paths", True), ("webhooks", False)):
            for name, item in self.before.get(part, {}).items():
                new = self.after.get(part, {}).get(name)
                if new is None:
                    yield f"{part} {name}: gone"
                    continue
                for method, operation in item.items():
                    where = f"{method.upper()} {name}"
                    yield from self.operation(where, operation, new.get(method), sent=sent)
        for part, named in self.before["components"].items():
            for name in named:
                if name not in self.after["components"].get(part, {}):
                    yield f"components {part} {name}: gone"

    def operation(
        self, where: str, old: Schema, new: Schema | None, *, sent: bool
    ) -> Iterator[str]:
        if new is None:
            yield f"{where}: gone"
            return
        for name in ("operationId", "security"):
            if old.get(name) != new.get(name):
                yield f"{where}: {name} {old.get(name)} became {new.get(name)}"
        if gone := set(old.get("tags", ())) - set(new.get("tags", ())):
            yield f"{where}: tags {sorted(gone)} gone"
        yield from self.parameters(where, old, new)
        if "requestBody" in old:
            yield from self.message(
                f"{where} body", old["requestBody"], new.get("requestBody"), sent=sent
            )
            if not old["requestBody"].get("required") and new["requestBody"].get("required"):
                yield f"{where} body: newly required"
        for status, answer in old["responses"].items():
            answered = new["responses"].get(status)
            yield from self.message(f"{where} {status}", answer, answered, sent=False)

    def parameters(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        known = {(p["in"], p["name"].lower()): p for p in self.named(self.before, old)}
        now = {(p["in"], p["name"].lower()): p for p in self.named(self.after, new)}
        for key, given in known.items():
            place = f"{where} {key[0]} {key[1]}"
            if key not in now:
                yield f"{place}: gone"
                continue
            if given.get("allowEmptyValue") and not now[key].get("allowEmptyValue"):
                yield f"{place}: may no longer be empty"
            if not given.get("required") and now[key].get("required"):
                yield f"{place}: newly required"
            yield from self.schema(place, given["schema"], now[key]["schema"], sent=True)
        for key in now.keys() - known.keys():
            if now[key].get("required"):
                yield f"{where} {key[0]} {key[1]}: new and required"

    @staticmethod
    def named(page: Schema, operation: Schema) -> list[Schema]:
        return [_resolved(page, parameter) for parameter in operation.get("parameters", ())]

    def message(self, where: str, old: Schema, new: Schema | None, *, sent: bool) -> Iterator[str]:
        if new is None:
            yield f"{where}: gone"
            return
        for name in old.get("headers", {}):
            if name not in new.get("headers", {}):
                yield f"{where} header {name}: gone"
        for media, content in old.get("content", {}).items():
            there = new.get("content", {}).get(media)
            if there is None:
                yield f"{where} {media}: gone"
            else:
                yield from self.schema(
                    f"{where} {media}",
                    content.get("schema", {}),
                    there.get("schema", {}),
                    sent=sent,
                )

    def schema(
        self,
        where: str,
        old: Schema,
        new: Schema,
        *,
        sent: bool,
        within: frozenset[str] = frozenset(),
    ) -> Iterator[str]:
        """Differences of two schemas; `within` are the references this one stands in already."""
        pair = f"{old.get('$ref')} {new.get('$ref')}"
        if "$ref" in old and pair in within:
            return
        within |= {pair}
        now = _alternatives(self.after, new)
        for one in _alternatives(self.before, old):
            fitting = [other for other in now if _of_one_type(one, other)]
            found = [list(self.alternative(where, one, other, sent, within)) for other in fitting]
            if not found:
                yield f"{where}: no longer {one.get('type')}"
            elif all(found):
                yield from min(found, key=len)

    def alternative(
        self, where: str, old: Schema, new: Schema, sent: bool, within: frozenset[str]
    ) -> Iterator[str]:
        yield from _of_values(where, old, new, sent=sent)
        required, now = set(old.get("required", ())), set(new.get("required", ()))
        if lost := (now - required if sent else required - now):
            yield f"{where}: required {sorted(lost)} {'is new' if sent else 'gone'}"
        closed = [schema.get("additionalProperties") is False for schema in (old, new)]
        if sent and closed == [False, True]:
            yield f"{where}: further properties newly refused"
        for name, value in old.get("properties", {}).items():
            if name not in new.get("properties", {}):
                yield f"{where}.{name}: gone"
            else:
                yield from self.schema(
                    f"{where}.{name}", value, new["properties"][name], sent=sent, within=within
                )
        if "items" in old:
            yield from self.schema(
                f"{where}[]", old["items"], new.get("items", {}), sent=sent, within=within
            )


def _of_values(where: str, old: Schema, new: Schema, *, sent: bool) -> Iterator[str]:
    for name in SAME:
        if name in old and old[name] != new.get(name):
            yield f"{where}: {name} {old[name]!r} became {new.get(name)!r}"
    if "enum" in new:
        lost = [v for v in old["enum"] if v not in new["enum"]] if "enum" in old else ["any"]
        if lost:
            yield f"{where}: values {lost} gone"
    if new.get("pattern", old.get("pattern")) != old.get("pattern"):
        yield f"{where}: pattern {old.get('pattern')!r} became {new['pattern']!r}"
    if not sent:
        return
    for names, sign in ((LOWER, 1), (UPPER, -1)):
        for name in names:
            if name in new and (name not in old or sign * new[name] > sign * old[name]):
                yield f"{where}: {name} {old.get(name)} became {new[name]}"


def _resolved(page: Schema, part: Schema) -> Schema:
    """What a reference names, under what stands beside it."""
    if "$ref" not in part:
        return part
    found: Any = page
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    beside = {name: value for name, value in part.items() if name != "$ref"}
    return {**_resolved(page, found), **beside}


def _alternatives(page: Schema, schema: Schema) -> list[Schema]:
    """The same as schemas of one type each, without references at their head."""
    schema = _resolved(page, schema)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            beside = {k: v for k, v in schema.items() if k != several and k not in ANNOTATIONS}
            return [
                {**one, **beside} for part in schema[several] for one in _alternatives(page, part)
            ]
    if "const" in schema:
        schema = {**schema, "enum": [schema["const"]]}
    types = schema.get("type")
    if not isinstance(types, Sequence) or isinstance(types, str):
        return [schema]
    return [{**schema, "type": kind} if kind != "null" else {"type": "null"} for kind in types]


def _of_one_type(old: Schema, new: Schema) -> bool:
    return new.get("type") in (None, old.get("type")) or (
        old.get("type") == "integer" and new.get("type") == "number"
    )
