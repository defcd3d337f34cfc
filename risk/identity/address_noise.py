"""Removes from an address what is no part of it: names, phones, notes, opening hours."""

import re

from risk.identity.chinese_places import CITIES, COUNTIES, PROVINCES

_PHONE = re.compile(
    r"(?<![0-9a-z])(?:\+?(?:00)?86[\- ]?)?1[3-9][0-9*][\- ]?[0-9*]{4}[\- ]?[0-9]{4}"
    r"(?:[\-转][0-9]{1,5})?(?![0-9])"
    r"|(?<![0-9a-z])0[0-9]{2,3}[\- ]?[0-9]{7,8}(?![0-9])"
    r"|\+[0-9]{1,3}[0-9\-. ()]{6,16}[0-9](?![0-9])"
    r"|(?<![0-9a-z])\(?[0-9]{3}\)?[\-. ][0-9]{3}[\-. ][0-9]{4}(?![0-9])"
    r"|(?<![0-9a-z])[0-9]{10,13}(?![0-9a-z])"
)
_MAIL = re.compile(r"[0-9a-z._%+\-]{1,64}@[0-9a-z.\-]{1,64}")
_BRACKET = re.compile(r"[(\[{【〔《<「]([^()\[\]{}【】〔〕《》<>「」]{0,80})[)\]}】〕》>」]")
_COMPONENT = re.compile(
    r"[0-9a-z一二三四五六七八九十〇零两]\s*(?:号|栋|幢|座|楼|层|单元|室|房|户|弄|期|#|$)"
    r"|\b(?:apt|unit|flat|suite|ste|room|rm|bldg|building|floor)\b"
)
_ASIDE = re.compile(
    r"^(?:近|靠|原|旧|对面|旁|即|就在|进|从|[0-9]{4}$|near|opp|behind|next to|by the)"
)
_NOTE_ZH = (
    "请|放(?=门|快递|驿站|菜鸟|丰巢|前台|物业|保安|在|到|楼下|鞋柜|柜|外面|家|那|这)|别放|勿放|轻放|轻拿"
    "|送(?=货|前|到|上|来)|派送|麻烦|谢谢|不要|务必|打电话|电话|电联|致电|联系|代收|代签|转交|快递|驿站|菜鸟|丰巢"
    "|妈妈驿站|自提|门口|上门|前台|物业|保安|门卫|传达室|敲门|小心|急用|急件|加急|尽快|工作日|周末|白天|晚上|下午|上午"
    "|中午|到了|亲收|本人|不在|易碎|送货"
)
_HAS_NOTE_ZH = re.compile(_NOTE_ZH)
_LABEL = re.compile(
    r"(?:收货人|收件人|收货|收件|姓名|联系人|联系方式|电话|手机号?|详细地址|收货地址|收件地址|地址|邮编|邮政编码)"
    r"\s*[:是为]\s*|邮编\s*(?=[0-9]{6})"
)
_CARE_OF = re.compile(
    r"(?:收货人|收件人|姓名|联系人)\s*[::]?\s*[\u3400-\u9fff]{2,4}(?=[\s,,;;。]|$)"
    r"|[\u3400-\u9fff]{1,4}(?:先生|女士|小姐|同学|老师|\(收\)|收(?=[\s,,;;。]|$))"
)
_HOURS = re.compile(
    r"[0-9]{1,2}\s*(?:点|时(?!代)|:[0-9]{2})(?:半|[0-9]{1,2}分?)?(?:\s*[\-~至到]\s*[0-9]{1,2}\s*(?:点|时|:[0-9]{2}))?"
    r"(?:之?[前后]|左右|以[前后])?"
)
_POSTCODE_ZH = re.compile(r"(?:^|(?<=[^0-9a-z\-]))[1-8][0-9]{5}(?=[^0-9a-z\-号栋室]|$)")
_TURNS = re.compile(r"(?:左转|右转|直走|往里走|进门)[^0-9\-]{0,4}")


def drop_contacts(text: str) -> str:
    """The text without phone numbers and mail addresses; a bracket stays if it names a unit.

    >>> drop_contacts("12 high st (flat 4b) 555-123-4567").split()
    ['12', 'high', 'st', 'flat', '4b']
    """
    text = _MAIL.sub(" ", text) if "@" in text else text
    return _BRACKET.sub(_bracket, _PHONE.sub(" ", text))


def _bracket(found: re.Match[str]) -> str:
    inner = found[1].strip()
    square = found[0][0] == "[" and inner.isdecimal()
    if square or _HAS_NOTE_ZH.search(inner) or _ASIDE.match(inner) or not _COMPONENT.search(inner):
        return " "
    return f" {inner} "


def drop_chinese_noise(text: str) -> str:
    """The text without recipient, labels, delivery notes, hours and postcode; chunks joined by `-`.

    >>> drop_chinese_noise("文三路90号 请放门口")
    '文三路90号'
    """
    text = _LABEL.sub(" ", _CARE_OF.sub(" ", text))
    text = _TURNS.sub("", _HOURS.sub(" ", _POSTCODE_ZH.sub(" ", text)))
    chunks = re.split(r"[\s,,;;。!!、:：]+", text.strip())
    kept = [_before_note(chunk) for chunk in chunks]
    return "-".join([chunk for chunk in _without_recipient(kept) if chunk])


def _before_note(chunk: str) -> str:
    found = _HAS_NOTE_ZH.search(chunk)
    return chunk[: found.start()] if found else chunk


_PLACE_END = re.compile(
    r"[省市区县旗镇乡村路街道巷弄里园苑城楼府湾庭轩阁居厦场心院校厂店国寓0-9a-z]$"
)
_PERSON = re.compile(r"[\u3400-\u9fff]{2,3}")


def _without_recipient(chunks: list[str]) -> list[str]:
    """Drops a first or last chunk that looks like a person: two or three characters, no place."""
    chunks = [chunk for chunk in chunks if chunk]
    if len(chunks) > 1 and _is_person(chunks[-1]):
        chunks = chunks[:-1]
    if len(chunks) > 1 and _is_person(chunks[0]) and not chunks[1][0].isdecimal():
        chunks = chunks[1:]
    return chunks


def _is_person(chunk: str) -> bool:
    named = chunk in PROVINCES or chunk in CITIES or chunk in COUNTIES
    return bool(_PERSON.fullmatch(chunk)) and not named and not _PLACE_END.search(chunk)
