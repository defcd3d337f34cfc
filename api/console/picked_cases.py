"""Acts on many cases of the queue at once: claim, ask the next question, close as honest.

Abuse, fraud and refusal are found one by one, on the page of the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi.responses import Response

from api.console.case_actions import find_out
from api.console.page_route import error_messages, page_router
from api.console.queue_page import given, queue_of
from api.console.session import LoggedIn, PageContext, VerifiedForm, redirect
from api.console.templating import url
from risk import cases
from risk.cases import ReviewFinding
from risk.cases.steps.next_acts import settled_as_asked
from risk.cases.steps.questions import open_questions
from risk.errors import BadInput, Conflict, Forbidden, NotFound

PICKED = "case:"

router = page_router()


def _claim(context: PageContext, refund_id: str) -> None:
    cases.claim(context.resources.history, refund_id, context.actor)


def _ask(context: PageContext, refund_id: str) -> None:
    """Ask the first question that the decision asks and nobody has asked."""
    history = context.resources.history
    questions = open_questions(cases.view_case(history, refund_id))
    if not questions:
        raise Conflict(context.translate("many_no_question"))
    first = questions[0]
    wanted = context.locale.said(first["text"][context.locale.language]).rstrip(".。")
    text = context.translate("act_ask_words", text=wanted)
    cases.request_evidence(
        history, refund_id, context.actor, kind=first["kind"], source=first["from"], text=text
    )


def _close(context: PageContext, refund_id: str) -> None:
    """Close a case in its customer's favour, settled as it asks."""
    view = cases.view_case(context.resources.history, refund_id)
    resolution, amount = settled_as_asked(view)
    find_out(context, refund_id, ReviewFinding("legitimate", resolution, amount))


ACTS: Mapping[str, Callable[[PageContext, str], None]] = {
    "claim": _claim, "ask": _ask, "close": _close,
}  # fmt: skip


@router.post("/many")
def act_on_many(context: LoggedIn, form: VerifiedForm) -> Response:
    """Do an act on each case that was picked; those that refuse it are named with their reason."""
    act = ACTS.get(form.get("act", ""))
    picked = [name.removeprefix(PICKED) for name in form if name.startswith(PICKED)]
    if act is None or not picked:
        return redirect(url(**given(context)))
    refused = []
    for refund_id in picked:
        try:
            act(context, refund_id)
        except (BadInput, Conflict, Forbidden, NotFound) as error:
            refused.append((refund_id, " ".join(error_messages(context, error))))
    if refused:
        return queue_of(context, refused=refused)
    return redirect(url(**given(context), done="many", about=len(picked)))
