"""What a customer's own record says for them, whatever a model makes of it."""

from __future__ import annotations

from collections.abc import Iterator

from risk.facts.localised import LocalisedText

SEVERAL = 2
"""So many other orders, and none of them asked back, are a record."""

SELDOM = 10
"""Who asks for no more than one in so many orders asks seldom."""

_HONEST: LocalisedText = {
    "en": "{count} earlier {request} found legitimate",
    "zh": "此前{count}次申请经核实属实",
}
_KEPT: LocalisedText = {
    "en": "{orders} other orders in a year, none asked back",
    "zh": "一年内另有{orders}笔订单，均未申请退款",
}
_SELDOM: LocalisedText = {
    "en": "{orders} other orders in a year, {count} other {request}",
    "zh": "一年内另有{orders}笔订单，其他申请仅{count}次",
}


def record_favours(orders: int, requests: int, honest: int, abusive: int) -> list[LocalisedText]:
    """What speaks for a customer with so many other orders and requests in a year, and so many
    findings for and against them; where abuse was found that counts, only what was found for them.

    >>> [one["en"] for one in record_favours(6, 0, 0, 0)]
    ['6 other orders in a year, none asked back']
    >>> record_favours(0, 0, 0, 0), [one["en"] for one in record_favours(30, 1, 2, 1)]
    ([], ['2 earlier requests found legitimate'])
    """
    return list(_favours(orders, requests, honest, abusive))


def _favours(orders: int, requests: int, honest: int, abusive: int) -> Iterator[LocalisedText]:
    if honest:
        yield _filled(_HONEST, orders, honest)
    if abusive:
        return
    if requests == 0 and orders >= SEVERAL:
        yield _filled(_KEPT, orders, 0)
    elif 0 < requests * SELDOM <= orders:
        yield _filled(_SELDOM, orders, requests)


def _filled(text: LocalisedText, orders: int, count: int) -> LocalisedText:
    noun = "request" if count == 1 else "requests"
    return {
        language: words.format(orders=orders, count=count, request=noun)
        for language, words in text.items()
    }
