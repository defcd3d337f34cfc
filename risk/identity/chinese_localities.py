"""Province, city, district and town at the front of a Chinese address, with or without suffix."""

import re

from risk.identity.chinese_places import CITIES, COUNTIES, DISTRICTS, MUNICIPAL, PROVINCES

_HAN = "\u3400-\u9fff"
_ROADS = "路街巷道里村环"
_PROVINCE_TAIL = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)")
# What may follow a place's name only where that name is a street's or a building's: 南京西路.
_NOT_A_PLACE = re.compile(
    rf"[东南西北中上下0-9]{{0,3}}(?:(?:路|街|大道|大街|巷|弄|大厦|大学|饭店|宾馆|酒店|广场|新村"
    rf"|公园|花园|小区|家园|公寓|新城|名城)(?!街道|(?!小|社|园|校)[{_HAN}]{{1,2}}区)"
    rf"|[道里桥村站门城苑湾府](?![{_HAN}]))"
    r"|镇|乡|县|[0-9]|$"
)
_OF_A_STREET = re.compile(rf"[道里桥村站门城苑湾府][{_HAN}]{{0,2}}[路街道巷]")
_CITY = re.compile(rf"([{_HAN}]{{2,7}}?)(?:市(?!场|民|政|中|心)|自治州|地区|盟)")
_NO_CITY = re.compile(r"[城超都夜门集菜花股]$")
_COUNTY = re.compile(rf"([{_HAN}]{{1,8}}?)(?:自治县|县(?![前城后东西南北中]?[路街大]|$)|自治旗)")
_DISTRICT = re.compile(rf"([{_HAN}]{{2,8}}?)(?:新区|区)(?![0-9]+[^0-9{_ROADS}])")
_NO_DISTRICT = re.compile(r"(?:[小园社校厂库院东西南北中]|新村|生活|住宅|花园|家属|宿舍|工业)$")
_ROAD_INSIDE = re.compile(r"[路街巷弄号苑园区]")
_TOWN = re.compile(
    rf"[{_HAN}]{{2,5}}?街道(?![0-9])|[{_HAN}]{{1,4}}?[镇乡](?![路街0-9]|[东西南北中][路街大]|$)"
)
_FRONT = re.compile(rf"([{_HAN}]{{2,3}})(?:省|市|自治区)")


def strip_localities(text: str) -> tuple[str, str]:
    """(locality, rest): the county or city of an address, "" if not written, and what follows it.

    >>> strip_localities("浙江省杭州市西湖区文三路90号")
    ('杭州', '文三路90号')
    """
    text = _from_province(text).lstrip("-")
    text, province = _known(text, PROVINCES, _PROVINCE_TAIL)
    text, again = _known(text, PROVINCES, _PROVINCE_TAIL)
    city, text = _city(text)
    county, text = _county(text)
    text, district = _district(text, bool(province or city or again))
    municipality = next((name for name in (again, province) if name in CITIES), "")
    return county or city or municipality or MUNICIPAL.get(district, ""), _town(text)


def _from_province(text: str) -> str:
    """Drops a recipient's name and the like written before the province or city."""
    for found in _FRONT.finditer(text, 0, 40):
        for start in range(found.start(), found.end(1) - 1):
            name = text[start : found.end(1)]
            if name in PROVINCES or name in CITIES:
                return text[start:]
    return text


def _known(text: str, names: frozenset[str], tail: re.Pattern[str]) -> tuple[str, str]:
    for size in (4, 3, 2):
        name = text[:size]
        if len(name) == size and name in names:
            suffix = tail.match(text, size)
            if suffix:
                return text[suffix.end() :].lstrip("-"), name
            if not _NOT_A_PLACE.match(text, size):
                return text[size:].lstrip("-"), name
    return text, ""


_CITY_TAIL = re.compile("市(?![中南北]区)")


def _city(text: str) -> tuple[str, str]:
    text, name = _known(text, CITIES, _CITY_TAIL)
    while name:
        text, more = _known(text, frozenset((name,)), _CITY_TAIL)
        if not more:
            return name, text
    return _suffixed(text, _CITY, _NO_CITY)


def _county(text: str) -> tuple[str, str]:
    text, name = _known(text, COUNTIES, _CITY_TAIL)
    if name:
        return name, text
    name, text = _suffixed(text, _COUNTY, _NO_CITY)
    return (name, text) if name else _suffixed(text, _CITY, _NO_CITY)


def _suffixed(text: str, pattern: re.Pattern[str], never: re.Pattern[str]) -> tuple[str, str]:
    found = pattern.match(text)
    if found and not never.search(found[1]) and not _ROAD_INSIDE.search(found[1]):
        return found[1], text[found.end() :].lstrip("-")
    return "", text


_DISTRICT_TAIL = re.compile("新?区")
_SHORT_DISTRICT = re.compile(rf"[{_HAN}]{{2}}区(?=[{_HAN}]|[0-9]+[{_ROADS}])")


def _district(text: str, placed: bool) -> tuple[str, str]:
    """(rest, district): a known one by its name, any other only where its suffix is written."""
    text = text.removeprefix("市辖区").lstrip("-")
    named = text[:4].partition("区")[0].removesuffix("新")
    if placed or (named in DISTRICTS and "区" in text[:5]):
        rest, name = _known(text, DISTRICTS, _DISTRICT_TAIL)
        written = text.startswith((f"{name}区", f"{name}新区"))
        if name and (written or not _OF_A_STREET.match(rest)):
            return rest, name
    short = _SHORT_DISTRICT.match(text) if placed else None
    if short and text[1] not in "小园社校厂":
        return text[short.end() :].lstrip("-"), ""
    return _suffixed(text, _DISTRICT, _NO_DISTRICT)[1], ""


def _town(text: str) -> str:
    found = _TOWN.match(text)
    if found and len(text) - found.end() > 3 and not _ROAD_INSIDE.search(found[0][:-2]):
        return text[found.end() :].lstrip("-")
    return text
