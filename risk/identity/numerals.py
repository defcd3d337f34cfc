"""Chinese numerals: 三十六 is 36, 五零一 is 501.

The formal ones (壹, 贰) count only beside a word that cannot follow a name: 学府壹号 is one.
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


def value(run: str) -> int:
    """The number a run of Chinese numerals says, by place (五零一) or by scale (三十六).

    Every character must be one of `NUMERALS`.
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


def arabic(text: str) -> str:
    """Writes numerals as digits where they number something: before or after a unit, in a name
    of a road. 三号楼 is 3号楼 and 中山一路 is 中山1路, but 三元里 keeps its name.
    """
    text = _FORMAL_RUN.sub(lambda found: found[0].translate(_FORMAL), text)
    return _RUN.sub(_digits, text)


def _digits(found: re.Match[str]) -> str:
    run = found[0]
    return run if len(run) == 1 and run in "百千" else str(value(run))
