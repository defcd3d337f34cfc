"""A mapping table: what a system's messages mean in the words of the contract.

    [maps.reason]
    DEFECTIVE = "defective"
    "*" = "other"

    [[messages]]
    topic = "returns/*"
    decide = true
    [[messages.refunds]]
    refund_id = "id"
    amount = { path = "refund_amount", times = "0.01" }
    requested_at = { path = "apply_time", unix = "s" }
    reason_code = { path = "lines.0.reason", map = "reason" }

The whole language is on the page `/docs`, from `api/docs/mapping.html`.
"""

from __future__ import annotations

import tomllib
from typing import Any

from pydantic import Field, ValidationError, model_validator

from risk.errors import BadInput, Problem
from risk.facts import EVIDENCE, SUBMITTED
from risk.webhooks.field_source import Filter, Source, TablePart
from risk.webhooks.file_settings import FILE_URL, FileSettings
from risk.webhooks.signature_settings import EnvelopeSettings, SignatureSettings

MAY_DECIDE = ("merchant", "platform", "system")
"""Whose word a system may bring: never a person's who logs in here."""


class FactTemplate(TablePart):
    """How a fact, or one for each member of a list, is read.

    Rows without `needs` are left out, and so are those that `where` does not let through. `keep`:
    fields that the message does not hold stay what is stored of the same fact.
    """

    each: str | None = None
    needs: tuple[str, ...] = ()
    where: Filter = Field(default_factory=dict)
    keep: bool = False
    fields: dict[str, Source]

    @model_validator(mode="after")
    def _needs_fields(self) -> FactTemplate:
        if missing := [name for name in self.needs if name not in self.fields]:
            raise ValueError(f"needs {', '.join(missing)}, which it does not map")
        return self

    @model_validator(mode="before")
    @classmethod
    def _fields_beside(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "fields" in given:
            return given
        own = {name: given[name] for name in ("each", "needs", "where", "keep") if name in given}
        return {**own, "fields": {n: v for n, v in given.items() if n not in own}}


class MessageRule(TablePart):
    """What messages of a topic bring; `contract` ones speak the contract's words already.

    `facts` holds the templates of each kind; in the table they stand under the kind's own name.
    `correct`: what differs from what is stored is its next revision. `forget` is the path of a
    customer's id who is to be forgotten; `refuse` says why such messages are refused.
    """

    topic: str = "*"
    decide: bool = False
    contract: bool = False
    correct: bool = False
    forget: str | None = None
    refuse: str | None = None
    facts: dict[str, tuple[FactTemplate, ...]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _by_kind(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "facts" in given:
            return given
        facts = {kind: given[kind] for kind in SUBMITTED if kind in given}
        return {**{n: v for n, v in given.items() if n not in facts}, "facts": facts}


class MappingTable(TablePart):
    """A whole table; `endpoint` holds what the system itself needs, such as an app key."""

    endpoint: dict[str, str] = Field(default_factory=dict)
    signature: SignatureSettings = SignatureSettings()
    envelope: EnvelopeSettings = EnvelopeSettings()
    files: FileSettings = FileSettings()
    defaults: dict[str, dict[str, str]] = Field(default_factory=dict)
    maps: dict[str, dict[str, str]] = Field(default_factory=dict)
    messages: tuple[MessageRule, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> MappingTable:
        for kind, fields in self.defaults.items():
            _check_fields(kind, fields)
        for rule in self.messages:
            for kind, templates in rule.facts.items():
                for template in templates:
                    _check_fields(kind, _without_file(kind, template))
                    self._check_sources(template)
        return self

    def _check_sources(self, template: FactTemplate) -> None:
        for name, source in template.fields.items():
            for used in sorted(source.maps - self.maps.keys()):
                raise ValueError(f"there is no table maps.{used}")
            if name == "decided_by" and source.value not in MAY_DECIDE:
                raise ValueError(f"decided_by is a value: one of {', '.join(MAY_DECIDE)}")


def _without_file(kind: str, template: FactTemplate) -> list[str]:
    """The fields of a template, without the address of a file, which only evidence has."""
    return [name for name in template.fields if (kind, name) != (EVIDENCE.name, FILE_URL)]


def _check_fields(kind: str, fields: Any) -> None:
    known = {field.name for field in SUBMITTED[kind].fields} if kind in SUBMITTED else set()
    unknown = [name for name in fields if name not in known or name == "known_at"]
    if unknown:
        raise ValueError(f"{kind} has no field {', '.join(unknown)} to be mapped")


def read_mapping(text: str, base: str = "") -> MappingTable:
    """A table over the one it changes: all is joined but the messages, which are replaced.

    Raises BadInput naming what is wrong.
    """
    try:
        under, over = tomllib.loads(base), tomllib.loads(text)
        joined = {**under, **over}
        for name in ("endpoint", "signature", "envelope", "files", "defaults", "maps"):
            joined[name] = _joined(under.get(name, {}), over.get(name, {}))
        return MappingTable.model_validate(joined)
    except tomllib.TOMLDecodeError as error:
        raise BadInput([Problem("mapping", None, "mapping", "TOML", str(error))]) from error
    except ValidationError as error:
        raise BadInput([_problem(detail) for detail in error.errors()]) from error


def _joined(under: Any, over: Any) -> Any:
    if isinstance(under, dict) and isinstance(over, dict):
        return {**under, **{name: _joined(under.get(name), value) for name, value in over.items()}}
    return over


def _problem(detail: Any) -> Problem:
    where = ".".join(str(part) for part in detail["loc"] if part not in ("facts", "fields"))
    return Problem("mapping", None, where or "mapping", str(detail["msg"]))
