"""Visitors of the console: they log in, read pages and send forms as a browser would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from itertools import count
from typing import Any

import httpx

from risk.access import people
from risk.cases.policies.blind_rows import is_blind
from tests.api.serving import Running, StoreClient, plain_client
from tests.api.test_scoring import body

PASSWORD = "correct horse battery"
_numbers = count(1)


@dataclass
class Visitor:
    """Somebody with a browser; `csrf_token` is what their forms carry."""

    http: httpx.Client
    csrf_token: str = ""

    def log_in(self, name: str, password: str = PASSWORD, back: str = "") -> httpx.Response:
        page = self.http.get("/console/login", params={"back": back})
        form = {"name": name, "password": password, "csrf_token": hidden(page.text), "back": back}
        answer = self.http.post("/console/login", data=form)
        if answer.status_code == 303:
            self.csrf_token = hidden(self.http.get("/console").text)
        return answer

    def read(self, page: str, **query: Any) -> httpx.Response:
        return self.http.get(f"/console/{page}".rstrip("/"), params=query)

    def send(self, page: str, *, csrf_token: str | None = None, **fields: Any) -> httpx.Response:
        """Post a form; an answer that leads on is not followed."""
        sent = {"csrf_token": self.csrf_token if csrf_token is None else csrf_token, **fields}
        return self.http.post(f"/console/{page}", data=sent)


def hidden(html: str) -> str:
    """The csrf_token in a page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, "a page without a guarded form"
    return unescape(found[1])


def visitor(served: Running, language: str = "en") -> Visitor:
    """A browser at the door."""
    headers = {"accept-language": language}
    return Visitor(plain_client(served.url, headers=headers))


def logged_in(
    served: Running, name: str, language: str = "en", role: people.Role = "reviewer"
) -> Visitor:
    """A browser of somebody logged in, who is let in if need be."""
    with served.service.history.read() as connection:
        known = people.person_of(connection, name)
    if known is None:
        people.add_person(served.service.history, name, PASSWORD, role=role)
    someone = visitor(served, language)
    assert someone.log_in(name).status_code == 303
    return someone


def new_case(client: httpx.Client, **more: Any) -> str:
    """A request decided by a model that suspects everybody: it needs a person.

    One that happens to be drawn for audit, or to be given without its score, is a case too, but
    another is made where the id is free.
    """
    for _ in range(40):
        decision = client.post("/v1/refunds/score", json=_suspicious(**more)).json()
        clear = decision["tier"] != "approve" and not _is_blind(client, decision["refund_id"])
        if clear or "refund_id" in more:
            return str(decision["refund_id"])
    raise AssertionError(f"a model that suspects everybody approved: {decision}")


def _is_blind(client: httpx.Client, refund_id: str) -> bool:
    assert isinstance(client, StoreClient), "a client of the running service"
    with client.history.read() as connection:
        return is_blind(connection, client.history.audit_key, refund_id)


def _suspicious(**more: Any) -> dict[str, Any]:
    n = f"c{next(_numbers)}"
    refund = {"reason_code": "counterfeit", "amount": "900.00", "type": "refund_only", **more}
    one = body(n, **refund)
    for fact in (*one["evidence"], *one["shipments"]):
        if "refund_id" in fact:
            fact["refund_id"] = one["refund"]["refund_id"]
    one["order"][0].update(amount="900.00", no_reason_return=False, customer_id=f"C-{n}")
    return one


def pages(readers: tuple[Visitor, Visitor], refund_id: str) -> tuple[str, str]:
    """The page of a case in both languages, without its tags."""
    en, zh = (one.read("case", id=refund_id).text for one in readers)
    return plain(en), plain(zh)


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
