"""What of a request contradicts what, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risk.facts.localised import LocalisedText
from risk.text.stories import contradicting, story
from risk.text.tokens import fold, tokenise

_SENTENCES: dict[str, LocalisedText] = {
    "text_reason": {
        "en": "The statement says otherwise than the reason that was chosen.",
        "zh": "说明与所选的退款原因不一致。",
    },
    "text_here": {
        "en": "Asked whether the goods came the customer said no; the statement speaks of goods in "
        "hand.",
        "zh": "客户表示未收到货，说明却提到商品已在手中。",
    },
    "text_gone": {
        "en": "Asked whether the goods came the customer said yes; the statement says they never "
        "did.",
        "zh": "客户表示已收到货，说明却称未收到。",
    },
    "claim_gone": {
        "en": "Asked whether the goods came the customer said no, and chose a reason about goods "
        "that came.",
        "zh": "客户表示未收到货，所选原因却针对已收到的商品。",
    },
    "claim_here": {
        "en": "Asked whether the goods came the customer said yes, and chose that they never did.",
        "zh": "客户表示已收到货，所选原因却是未收到货。",
    },
    "text_itself": {
        "en": "The statement says that nothing came, and that it was used or tried on.",
        "zh": "说明既称未收到货，又提到已使用或试穿。",
    },
    "remedy": {
        "en": "A repair is asked for of what never came, or is not wanted.",
        "zh": "未收到或不想要的商品，申请的却是维修。",
    },
}


def contradiction_sentences(request: Mapping[str, Any]) -> list[LocalisedText]:
    """A sentence for each contradiction in a stored request."""
    asserted = story(tokenise(fold(request["reason_text"] or "")))
    claims = request["claims_received"]
    received = None if claims is None else bool(claims)
    found = contradicting(asserted, request["reason_code"], request["type"], received)
    return [_SENTENCES[name] for name in found]
