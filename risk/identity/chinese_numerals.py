"""Chinese numerals in addresses, as digits.

Formal numerals (壹, 贰) count only beside a word that cannot follow a name: 学府壹号 is a name.
"""

import re

_DIGIT = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FORMALS = "壹贰叁肆伍陆柒捌玖拾佰仟零"
_SCALE = {"十": 10, "百": 100, "千": 1_000}
_PLACES = "".join(_DIGIT)
NUMERALS = "".join(_DIGIT) + "".join(_SCALE) + "廿卅"

_UNIT = "号栋幢座楼层单室弄组队户门期区院房#排舍宅店铺"
_ROADS = "路街巷道里村环线桥胡马"
_HAN = "\u3400-\u9fff"
_RUN = re.compile(
    rf"(?<=[{_UNIT}元\-])[{NUMERALS}]+(?![{_HAN}])"
    rf"|(?!二七区|(?<=二)七区)[{NUMERALS}]+(?=[{_UNIT}\-](?![{_ROADS}])|[东南西北中]?[{_ROADS}])"
    rf"|[{_PLACES}]*[零〇][{_PLACES}]+"
)


_FORMAL_RUN = re.compile(
    rf"[{_FORMALS}]+(?=号楼|号院|栋|幢|单元|室|座|层|楼|弄|#|\-)"
    rf"|(?<=[栋幢座楼层元路街巷道弄\-])[{_FORMALS}]+(?=号|\-|$)"
)


def numeral_value(run: str) -> int:
    """The number that a run of Chinese numerals means, by place (五零一) or by scale (三十六).

    Raises KeyError for a character that is none of `NUMERALS`.

    >>> numeral_value("五零一"), numeral_value("三十六"), numeral_value("廿")
    (501, 36, 20)
    """
    run = run.replace("廿", "二十").replace("卅", "三十")
    if not any(c in _SCALE for c in run):
        return int("".join([str(_DIGIT[c]) for c in run]))
    total = current = 0
    for c in run:
        if c in _SCALE:
            total += (current or 1) * _SCALE[c]
            current = 0
        else:
            current = _DIGIT[c]
    return total + current


def to_digits(text: str) -> str:
    """The text with digits for numerals that number something: beside a unit, in a road's name.

    >>> to_digits("三号楼"), to_digits("中山一路"), to_digits("三元里")
    ('3号楼', '中山1路', '三元里')
    """
    text = _FORMAL_RUN.sub(lambda found: found[0].translate(_FORMAL), text)
    return _RUN.sub(_digits, text)


def _digits(found: re.Match[str]) -> str:
    run = found[0]
    return run if len(run) == 1 and run in "百千" else str(numeral_value(run))
