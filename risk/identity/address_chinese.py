"""The key of a Chinese address: its names, and the numbers below each, whatever the wording.

浙江省杭州市西湖区文三路九十号3号楼2单元501室(放门口) and 文三路90号3-2-501 have one key. Units
(号楼, 栋, 幢, #) are written in too many ways to be part of it; the order of numbers is.
"""

import re
from dataclasses import dataclass, field

from risk.identity.chinese_localities import strip_localities
from risk.identity.chinese_numerals import to_digits

_UNITS = (
    "号宿舍楼|号公寓楼|号住宅楼|号楼|号院|号房|号室|号门|号店|号铺|号|单元|栋楼|栋|幢楼|幢|座|楼|层|室|房|户|"
    "支弄|弄|门|组|队|排|期|区|院|舍|#楼|#|f(?![a-z])"
)
_HAN = "\u3040-\u30ff\u3400-\u9fff"
_OF_NAME = "[东南西北中]?[路街巷道里村环线桥胡马]"
_SIDE = "[东南西北中左右](?=边?户|单元|室)"
_ITEM = re.compile(
    rf"(?P<name>(?!{_SIDE})(?:[{_HAN}]|[0-9]+(?={_OF_NAME}))+?"
    rf"(?={_SIDE}|[a-z\-#]|[0-9]+(?![0-9]|{_OF_NAME})|$)|[a-z]{{2,}})"
    rf"|(?P<number>[0-9]+[a-z]?(?![a-z])|[a-z](?![a-z])|{_SIDE})"
    rf"(?:(?P<unit>{_UNITS})|边户)?"
)
_ROOM = frozenset(("室", "房", "户", "号房", "号室"))
_FLOOR = frozenset(("层", "楼", "f"))
_RANK = {"号楼": 0, "栋": 0, "幢": 0, "座": 0, "单元": 1, "室": 2, "房": 2, "户": 2}
_BUILT = re.compile(
    rf"[{_HAN}0-9]*(?:大厦|广场|花园|公寓|家园|中心|大学|学院|学校|宿舍|酒店|宾馆|医院|商场|公司|[园苑城楼村府湾庭轩阁居里厂店])"
)
_ROAD = re.compile("(?:路|街|大道|道|巷|弄|胡同)$")
_ESTATE = re.compile(rf"^[{_HAN}0-9]{{2,6}}?(?:路|大街|街|大道|巷|胡同)(?=[{_HAN}0-9]{{3}})")
_SUBLET = re.compile(r"([0-9]{3,5})-([a-z])(?![a-z0-9])")
_STOREYS = re.compile(r"(?<=[0-9])楼(?=-?[0-9]+(?:单元|门))")
_GENERIC_TAIL = re.compile(r"(?:住宅)?(?:小区|社区)$")
_LATIN_LABELS = frozenset("room rm unit building bldg block no floor flat apt".split())


@dataclass(slots=True)
class _Reading:
    """The parser's state: (name, numbers below it) in order, and a floor not yet placed."""

    groups: list[tuple[str, list[str]]] = field(default_factory=lambda: [("", [])])
    ranks: list[int] = field(default_factory=list)
    floor: str = ""
    count: int = 0
    closed: bool = False

    def name(self, text: str) -> None:
        last, numbers = self.groups[-1]
        if numbers or (last and _ROAD.search(text)):
            self.groups.append((text, []))
        else:
            self.groups[-1] = (last + text, numbers)

    def number(self, text: str, unit: str) -> None:
        digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
        digits = digits if digits.isdecimal() else ""
        if digits:
            text = text.replace(digits, str(int(digits)), 1)
        if unit in _FLOOR and self.count and not self.floor:
            self.floor = text
            return
        explicit = unit in _ROOM
        if self.floor and (explicit or not unit) and len(digits) < 3:
            text = f"{self.floor}{text.rjust(2, '0')}"
        self.groups[-1][1].append(text)
        self.ranks.append(_RANK.get(unit, -1))
        self.closed = self.count > 0 and (explicit or (not unit and len(digits) > 2))
        if self.closed or unit:
            self.floor = "" if self.closed else self.floor
        self.count += 1


def chinese_door(text: str) -> str:
    """The key of an address in Chinese script, already folded, simplified and without noise."""
    text = _STOREYS.sub("号楼", _SUBLET.sub(r"\1\2", to_digits(text).replace("第", "")))
    locality, rest = strip_localities(text)
    reading = _read(rest)
    groups = _trimmed(reading)
    named = [name for name, _ in groups if name]
    specific = reading.count >= 3 and any(len(name) > 2 for name in named)
    specific = specific or (reading.count == 2 and len(named) > 1)
    parts = sorted([f"{name}:{'.'.join(numbers)}" for name, numbers in groups])
    return "|".join(["cn", "" if specific else locality, *parts])


def _trimmed(reading: _Reading) -> list[tuple[str, list[str]]]:
    """The groups that identify the delivery point.

    A numbered road makes the names of buildings superfluous; a name after the last number is a
    note, unless it names a building and no room was given.
    """
    groups = reading.groups
    if reading.floor:
        groups[-1][1].append(reading.floor + "f")
    if reading.ranks and min(reading.ranks) >= 0 and reading.ranks[0] > reading.ranks[-1]:
        groups[-1][1].reverse()
    road = next((i for i, (name, found) in enumerate(groups) if found and _ROAD.search(name)), None)
    if road is not None:
        others = [numbers for i, (_, numbers) in enumerate(groups) if i != road]
        name, numbers = groups[road]
        return [(name, numbers + [number for found in others for number in found])]
    if reading.count and not groups[-1][1]:
        built = None if reading.closed else _BUILT.match(groups[-1][0])
        groups = groups[:-1] + ([(built[0], [])] if built else [])
    return [(_ESTATE.sub("", name), numbers) for name, numbers in groups]


def _read(text: str) -> _Reading:
    reading = _Reading()
    for item in _ITEM.finditer(text):
        name = item["name"]
        if name is None:
            unit = item["unit"] or ""
            if unit == "楼" and not reading.count:
                unit = "号楼"
            reading.number(item["number"], unit)
            if reading.closed:
                break
        elif name not in _LATIN_LABELS:
            reading.name(_GENERIC_TAIL.sub("", name))
    return reading
