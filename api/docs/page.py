"""OpenAPI → one page of HTML: every call with what it takes, what it answers, and a line to try."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from api.docs.schema_tables import DocumentedField, fields_of, type_of

Page = Mapping[str, Any]
_PARAMETERS = "#/components/parameters/"
_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")


@dataclass(frozen=True, slots=True)
class ExampleShown:
    """An example as it is shown."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One answer: its status, what it means, what type it has, examples."""

    status: str
    text: str
    type: Markup
    examples: Sequence[ExampleShown]
    headers: Sequence[str]

    @property
    def good(self) -> bool:
        return self.status.startswith("2")


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call as it is shown; `scope` is empty where no key is needed."""

    anchor: str
    method: str
    path: str
    summary: str
    text: str
    scope: str
    parameters: Sequence[DocumentedField]
    body: Markup
    fields: Sequence[DocumentedField]
    bodies: Sequence[ExampleShown]
    curl: str
    answers: Sequence[AnswerShown]


def render_page(page: Page, root: str = "") -> bytes:
    """The whole page as HTML; its addresses begin with `root`."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"prose": prose, "inline": inline}
    template = environment.from_string(_file("page.html"))
    shown = {
        "page": page,
        "root": root,
        "groups": [(tag, list(_calls(page, tag["name"]))) for tag in page["tags"]],
        "pushes": list(_pushes(page)),
        "schemas": _schemas(page),
        "receiver": _file("receiver.py"),
        "mapping": Markup(_file("mapping.html")),
    }
    return template.render(shown).encode()


def prose(text: str) -> Markup:
    """Paragraphs of `inline` text."""
    paragraphs = (inline(" ".join(part.split())) for part in text.split("\n\n"))
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in paragraphs if part)


def inline(text: str) -> Markup:
    """`code` and **weight**; everything else as it stands."""
    coded = _CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(_STRONG.sub(r"<strong>\1</strong>", coded))


def _file(name: str) -> str:
    return files("api.docs").joinpath(name).read_text(encoding="utf-8")


def _calls(page: Page, tag: str) -> Iterator[CallShown]:
    for path, item in page["paths"].items():
        for method, call in item.items():
            if tag in call["tags"]:
                yield _call(page, method.upper(), path, call)


def _call(page: Page, method: str, path: str, call: Page) -> CallShown:
    sent = call.get("requestBody", {}).get("content", {}).get("application/json", {})
    bodies = _examples(sent)
    return CallShown(
        anchor=call["operationId"],
        method=method,
        path=path,
        summary=call["summary"],
        text=call.get("description", ""),
        scope=_scope(call),
        parameters=[_parameter(page, given) for given in call.get("parameters", ())],
        body=type_of(sent["schema"]) if sent else Markup(""),
        fields=fields_of(page, sent.get("schema", {})),
        bodies=bodies,
        curl=_curl(method, path, call, bodies),
        answers=[_answer(status, answer) for status, answer in sorted(call["responses"].items())],
    )


def _scope(call: Page) -> str:
    return " ".join(scope for way in call.get("security", ()) for scope in way.get("key", ()))


def _parameter(page: Page, given: Page) -> DocumentedField:
    if "$ref" in given:
        given = page["components"]["parameters"][given["$ref"].removeprefix(_PARAMETERS)]
    text = f"in the {given['in']}. {given.get('description', '')}".strip()
    return DocumentedField(
        given["name"], type_of(given["schema"]), given.get("required", False), text
    )


def _examples(media: Page) -> list[ExampleShown]:
    named = {name: one["value"] for name, one in media.get("examples", {}).items()}
    if "example" in media:
        named["example"] = media["example"]
    return [ExampleShown(name, _pretty(value)) for name, value in named.items()]


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _answer(status: str, answer: Page) -> AnswerShown:
    media: Page = next(iter(answer.get("content", {}).values()), {})
    schema = media.get("schema", {})
    return AnswerShown(
        status, answer["description"], type_of(schema) if schema else Markup(""),
        _examples(media), list(answer.get("headers", ())),
    )  # fmt: skip


def _example_of(parameter: Page) -> str:
    examples = parameter["schema"].get("examples", [parameter["name"]])
    return str(examples[0])


def _curl(method: str, path: str, call: Page, bodies: Sequence[ExampleShown]) -> str:
    """A line to paste, with `URL` and `KEY` in the environment."""
    for given in call.get("parameters", ()):
        if given.get("in") == "path":
            path = path.replace(f"{{{given['name']}}}", _example_of(given))
    parts = ["curl -s" if method == "GET" else f"curl -s -X {method}", f'"$URL{path}"']
    if _scope(call):
        parts.append('-H "Authorization: Bearer $KEY"')
    line = " ".join(parts)
    if not bodies:
        return line
    body = bodies[0].text.replace("'", "’")
    return f"{line} \\\n  -H 'Content-Type: application/json' -d '{body}'"


def _pushes(page: Page) -> Iterator[tuple[str, Page, list[ExampleShown]]]:
    for event, item in page.get("webhooks", {}).items():
        push = item["post"]
        yield event, push, _examples(push["requestBody"]["content"]["application/json"])


def _schemas(page: Page) -> list[tuple[str, str, Sequence[DocumentedField]]]:
    return [
        (name, schema.get("description", ""), fields_of(page, schema))
        for name, schema in page["components"]["schemas"].items()
    ]
