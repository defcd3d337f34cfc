"""Order context: how the order is made up, a lot of one thing or one of many.

Of a request for a line it says what that line was bought with. Whether a whole order comes back is a
sign of its own (`basket_at_fault`), which no count of its lines may outweigh.
"""

from __future__ import annotations

from risk.facts.units import MONEY_UNIT
from risk.features.entries import MONEY, Kinds, retired
from risk.features.measures import counted, summed
from risk.features.spec import Feature, Measure

F = Kinds("order_context")
LINES = "lines@order"
SAME_MONEY = "e.currency = s.currency"
PIECES = "e.quantity IS NOT NULL"
SINGLE = "e.quantity = 1"


def entries() -> list[Feature]:
    """Each as earlier models count it, of every order, and of requests for a line."""
    every, of_line = (
        [*_counts(prefix, only), *_lines(prefix, only)]
        for prefix, only in (("", ()), ("line_", ("s.known_line IS NOT NULL",)))
    )
    return [one for old, new in zip(every, of_line, strict=True) for one in (retired(old), new)]


def _where(*conditions: str) -> str:
    return " AND ".join(conditions)


def _counts(prefix: str, only: tuple[str, ...]) -> list[Feature]:
    return [
        F.count(f"{prefix}order_lines", ("the order has {value} lines", "订单共{value}行", "", ""),
                of=LINES, where=_where(*only), story="order_lines"),
        F.count(f"{prefix}order_articles", ("the order has {value} different articles",
                                            "订单含{value}种商品", "", ""),
                of=LINES, distinct="e.sku", where=_where(*only), story="order_articles"),
        F.total(f"{prefix}order_money", ("the order cost {value}", "订单金额{value}", "", ""),
                of=LINES, where=_where(SAME_MONEY, *only)),
        F.total(f"{prefix}order_pieces", ("the order has {value} pieces", "订单共{value}件", "", ""),
                of=LINES, column="e.quantity", where=_where(PIECES, *only), unit="count", scale=1.0),
    ]  # fmt: skip


def _lines(prefix: str, only: tuple[str, ...]) -> list[Feature]:
    return [
        F.extreme(f"{prefix}dearest_line", ("its dearest line cost {value}", "最贵的一行金额{value}"),
                  of=LINES, take="max", column="e.amount", where=_where(SAME_MONEY, *only),
                  unit="money", scale=MONEY),
        *(F.extreme(f"{prefix}{name}_line", (f"its {name} line has {{value}} pieces",
                                             f"{zh}的一行有{{value}}件"),
                    of=LINES, take=take, column="e.quantity", where=_where(*only), unit="count")
          for name, take, zh in (("largest", "max", "最大"), ("smallest", "min", "最小"))),
        F.ratio(f"{prefix}money_a_line", ("{value} a line of the order", "订单平均每行{value}"),
                unit="money", part=summed(LINES, "e.amount", _where(SAME_MONEY, *only)),
                whole=summed(LINES, str(MONEY_UNIT), _where(SAME_MONEY, *only))),
        F.ratio(f"{prefix}pieces_a_line", ("{value} pieces a line", "平均每行{value}件"),
                part=summed(LINES, "e.quantity", _where(PIECES, *only)),
                whole=counted(LINES, _where(PIECES, *only))),
        F.ratio(f"{prefix}dearest_line_share", ("the dearest line makes {value} of the order",
                                                "最贵的一行占订单的{value}"),
                part=Measure(LINES, "max", "e.amount", _where(SAME_MONEY, *only)),
                whole=summed(LINES, "e.amount", _where(SAME_MONEY, *only))),
        F.ratio(f"{prefix}single_piece_share", ("{value} of the lines are for a single piece",
                                                "只买一件的行占{value}"),
                part=counted(LINES, _where(SINGLE, *only)), whole=counted(LINES, _where(PIECES, *only))),
    ]  # fmt: skip
