"""The page of a thing that customers share: who, since when, what they asked, what was found."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.charts.network import masked
from api.console.page_route import page_router
from api.console.session import LoggedIn
from risk.cases.customers.shared_thing import shared_thing
from risk.errors import NotFound
from risk.explain.code_labels import LABELS

LONGEST_NUMBER = 20

router = page_router()


@router.get("/thing")
def thing(context: LoggedIn, kind: str = "", id: str = "") -> Response:  # noqa: A002
    if not id.lstrip("-").isdecimal() or len(id) > LONGEST_NUMBER:
        raise NotFound("nobody was seen at this")
    found = shared_thing(context.resources.history, kind, int(id))
    words = {name: said[context.locale.language] for name, said in LABELS["entity"].items()}
    return context.page("thing.html", thing=found, name=masked((kind, int(id)), words))
