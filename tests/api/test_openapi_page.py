"""The page for people at `/docs`, and what an integrator can do with nothing else."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.docs.page import prose, render_page
from api.schemas.receivers import webhooks
from risk.webhooks.signing import signature
from risk.webhooks.subscriptions import EVENTS
from tests.api.declared import calls, document
from tests.api.serving import Running
from tests.api.test_scoring import body

VOID = {"meta", "link"}


class Read(HTMLParser):
    """Every id, link and text of a page; refuses tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: set[str] = set()
        self.tags: set[str] = set()
        self.blocks: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self.tags.add(tag)
        self.ids.update([about["id"] or ""] if "id" in about else [])
        self.links.update(about[name] or "" for name in ("href", "src") if name in about)
        if tag not in VOID:
            self._open.append(tag)
        if tag == "pre":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "pre" in self._open:
            self.blocks[-1] += data


@pytest.fixture(scope="module")
def got(served: Running) -> httpx.Response:
    return httpx.get(served.url + "/docs").raise_for_status()


@pytest.fixture(scope="module")
def read(got: httpx.Response) -> Read:
    page = Read()
    page.feed(got.text)
    page.close()
    assert page._open == []
    return page


def test_every_call_event_and_schema_is_there_once(read: Read) -> None:
    wanted = {call.name for call in calls()} | {"push", "healthz", "readyz", "metrics", *EVENTS}
    wanted |= {f"schema-{name}" for name in document()["components"]["schemas"]}
    assert wanted <= set(read.ids)
    assert max(read.ids.values()) == 1


def test_nothing_comes_from_outside_and_every_link_leads_somewhere(
    read: Read, got: httpx.Response, served: Running
) -> None:
    assert not read.tags & {"script", "img", "iframe", "form", "base"}
    assert "default-src 'none'" in got.headers["content-security-policy"]
    for link in read.links:
        if link.startswith("#"):
            assert link[1:] in read.ids
        else:
            assert httpx.get(served.url + link).status_code == 200


def test_the_bare_address_leads_to_the_page(served: Running) -> None:
    answer = httpx.get(served.url)
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


def test_what_a_schema_says_is_text_and_no_markup() -> None:
    assert prose("<b>a</b> `x<y` **no**\n\nb") == (
        "<p>&lt;b&gt;a&lt;/b&gt; <code>x&lt;y</code> <strong>no</strong></p><p>b</p>"
    )
    tag = {"name": "t", "description": "d"}
    said = {"200": {"description": "<i>yes</i>"}}
    call = {"operationId": "o", "tags": ["t"], "summary": "<script>", "responses": said}
    page = render_page(
        {
            "info": {"title": "t", "summary": "s", "version": "1", "description": ""},
            "tags": [tag],
            "paths": {"/x": {"get": call}},
            "components": {"schemas": {}},
        }
    ).decode()
    assert "<script>" not in page
    assert "<i>" not in page


def test_every_event_has_a_webhook_whose_example_is_the_whole_push() -> None:
    for event, item in webhooks().items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        example = content["examples"]["example"]["value"]
        assert example["type"] == event
        assert {"refund_id"} <= set(example["data"])


class Driven:
    """A client made of the OpenAPI page alone: a method for each operation, by its name."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.page = client.get("/openapi.json").json()
        self.calls = {
            operation["operationId"]: (method, path, operation)
            for path, item in self.page["paths"].items()
            for method, operation in item.items()
        }

    def __call__(self, name: str, sent: Any = None, **parameters: str) -> Any:
        method, path, operation = self.calls[name]
        query = {}
        for given in operation.get("parameters", ()):
            if given.get("in") == "query" and given["name"] in parameters:
                query[given["name"]] = parameters[given["name"]]
        url = path.format(**parameters)
        answer = self.client.request(method, url, json=sent, params=query)
        assert str(answer.status_code) in operation["responses"], answer.text
        return answer.json()

    def example(self, name: str) -> Any:
        content = self.calls[name][2]["requestBody"]["content"]["application/json"]
        return next(iter(content["examples"].values()))["value"]


def test_a_client_driven_by_the_page_works(client: httpx.Client) -> None:
    api = Driven(client)
    one = body()
    decided = api("score", one)
    refund_id = decided["refund_id"]
    assert api("decision", decision_id=decided["decision_id"]) == decided
    assert api("score_again", refund_id=refund_id)["refund_id"] == refund_id
    told = api("decisions", refund_id=refund_id)
    assert len(told) == 2
    outcome = {**api.example("store_outcomes"), "refund_id": refund_id, "decided_by": "merchant"}
    assert api("store_outcomes", outcome)["stored"] == 1
    assert api("score_batch", [one])[0]["decision"] == decided
    queue = api("cases", limit="1")
    assert len(queue["cases"]) <= 1
    assert api("model")["version"] == decided["model"]["version"]


def _block(read: Read, word: str) -> str:
    return next(block for block in read.blocks if word in block)


@pytest.fixture
def receiver(read: Read, tmp_path: Path) -> tuple[Path, int]:
    """The receiver of the page as a file, and a free port."""
    file = tmp_path / "receiver.py"
    file.write_text(_block(read, "BaseHTTPRequestHandler"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return file, port


def test_from_nothing_to_a_pushed_decision(
    read: Read, served: Running, client: httpx.Client, receiver: tuple[Path, int]
) -> None:
    file, port = receiver
    asked = json.loads(_said(_block(read, "/v1/receivers")))
    asked["url"] = asked["url"].replace("9000", str(port))
    secret = client.post("/v1/receivers", json=asked).raise_for_status().json()["secret"]
    environment = {**os.environ, "SECRET": secret, "PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, str(file)], env=environment, stderr=subprocess.PIPE, text=True
    ) as taking:
        assert taking.stderr is not None
        sent = json.loads(_said(_block(read, '"refund_id": "R-1"')))
        decided = client.post("/v1/refunds/score", json=sent).raise_for_status().json()
        shown = next(line for line in taking.stderr if decided["decision_id"] in line)
        refused = [_push(port, secret, *forged) for forged in FORGED]
        taken = _push(port, secret, 0, "")
        taking.terminate()
    assert (taken, refused) == (204, [401] * len(FORGED))
    assert "decision.made" in shown
    again = client.post(f"/v1/refunds/{sent['refund']['refund_id']}/score").raise_for_status()
    assert again.json()["decision_id"] != decided["decision_id"]


FORGED = [(-3_600, ""), (3_600, ""), (0, "x"), (0, None)]
"""How far from now a push was signed, in seconds, and what stands behind its signature."""


def _push(port: int, secret: str, late: int, more: str | None) -> int:
    """What the receiver answers to a push of ours; without `more` it is not signed."""
    key, at = base64.b64decode(secret.removeprefix("whsec_")), str(int(time.time()) + late)
    content = b'{"type": "test", "data": {}}'
    headers = {"webhook-id": "m-1", "webhook-timestamp": at}
    if more is not None:
        headers["webhook-signature"] = signature(key, "m-1", at, content) + more
    return httpx.post(f"http://127.0.0.1:{port}/", content=content, headers=headers).status_code


def _said(block: str) -> str:
    """The body of a curl line."""
    found = re.search(r"-d '(.*?)'", block, re.DOTALL)
    assert found is not None
    return found[1]


def test_generators_get_a_document_that_they_can_read(client: httpx.Client) -> None:
    whole = client.get("/openapi.json").json()
    plain = client.get("/openapi.json", params={"webhooks": "false"}).json()
    assert ("webhooks" in whole, "webhooks" in plain) == (True, False)
    assert plain["paths"].keys() == whole["paths"].keys()
    orders = plain["paths"]["/v1/orders"]["post"]["requestBody"]["content"]["application/json"]
    assert orders["schema"]["items"] == {"$ref": "#/components/schemas/OrderLine"}
    for name, schema in plain["components"]["schemas"].items():
        own = whole["components"]["schemas"][name.removesuffix("Data")]
        assert schema.get("properties", {}).keys() == own.get("properties", {}).keys()
        assert all("default" not in field for field in schema.get("properties", {}).values())
        assert not any(one.keys() == {"required"} for one in schema.get("anyOf", ()))
    assert "anyOf" in whole["components"]["schemas"]["Evidence"]
