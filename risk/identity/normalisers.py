"""Normalisers of identities that are one token: phones, cards, devices, numbers, hashes."""

import ipaddress
import re
from collections.abc import Callable
from functools import wraps
from unicodedata import normalize

_BLANK = frozenset(
    """
        - -- --- . / n/a na n.a. none null nil nan unknown undefined empty not-provided
        not-available anonymous 无 暂无 没有 空 未知 不详 未填写 未提供 匿名 無
        0 xxx xxxx test
    """.split()
)
# Digests of zero bytes (MD5, SHA-1, SHA-256): an empty file is nobody's photo.
_EMPTY_FILE = frozenset(
    (
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    )
)
_LONGEST = 2_000
_SEPARATORS = re.compile(r"[\s\-_.:/·•,;()\[\]{}\"'`|\\\u2010-\u2015]+")
_ONE_NUMBER = re.compile(r"[a-z]{0,4}[0-9]{8,40}[a-z]{0,3}|[0-9a-f]{12,128}")
_MASK = re.compile(r"[*•●＊]+|x{2,}(?=[0-9])")
_SAYS_SOMETHING = re.compile(r"[^\W_0]")
"""A letter or a digit other than 0: all else is a form without an entry, or hidden whole."""
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|extension|x|#)\s*([0-9]{1,6})\s*$")
_NOT_DIGIT = re.compile(r"[^0-9]+")
_CHINESE_MOBILE = re.compile(r"(?:00)?86(1[3-9][0-9]{9})")
_HASH_LABEL = re.compile(r"^(?:md5|sha-?1|sha-?256|sha-?512|phash|dhash|ahash|blake2b|blake3)[:=]")


_ROUNDS = 8
"""Normalisation settles in two or three rounds; a hostile text is not followed further."""


Normaliser = Callable[[str], str | None]


def settled(step: Normaliser) -> Normaliser:
    """A normaliser that repeats `step` until its answer is its own normal form.

    Taking one thing away can join what stood around it: `@R¸` loses a space and becomes `@ŗ`.
    """

    @wraps(step)
    def normaliser(raw: str) -> str | None:
        value = step(raw)
        for _ in range(_ROUNDS):
            if value is None or _is_plain(value):
                break
            again = step(value)
            if again == value:
                break
            value = again
        return value

    return normaliser


def _is_plain(value: str) -> bool:
    """Whether nothing can be left to normalise: letters and digits of ASCII that are no blank.

    Leading zeros may be the prefix of a call abroad, or all there is; an `x` may be an extension.
    """
    if value[:1] == "0" or "x" in value:
        return False
    return value.isascii() and value.isalnum() and value not in _BLANK


def fold(raw: str) -> str:
    """Unicode-compatible, caseless, trimmed; "" for what people write when they have nothing.

    At most 2,000 characters are read: no identity is longer, and hostile ones are.

    >>> fold(" ＡＢＣ１２３ "), fold("Straße"), fold("N/A")
    ('abc123', 'strasse', '')
    """
    text = raw[:_LONGEST]
    text = text.casefold().strip() if text.isascii() else _fold_unicode(text)
    return "" if text.replace(" ", "-") in _BLANK else text


def _fold_unicode(text: str) -> str:
    """Compatible and caseless forms in turn, until neither changes the text."""
    for _ in range(_ROUNDS):
        again = normalize("NFKC", text).casefold().strip()
        if again == text:
            break
        text = again
    return text


@settled
def token(raw: str) -> str | None:
    """An identifier: separators vanish inside long numbers and hex, elsewhere they are one dash.

    >>> token("SF 1234-5678-90"), token("dev-1-23"), token("dev-12-3")
    ('sf1234567890', 'dev-1-23', 'dev-12-3')
    """
    text = fold(raw)
    if text.isalnum():
        return text if text.strip("0") else None
    if not text:
        return None
    if "@" in text:
        return "".join(text.split())
    joined = _SEPARATORS.sub("", text)
    if _ONE_NUMBER.fullmatch(joined):
        return joined if joined.strip("0") else None
    found = _SEPARATORS.sub("-", _MASK.sub("*", text)).strip("-")
    return found if _SAYS_SOMETHING.search(found) else None


@settled
def phone(raw: str) -> str | None:
    """A phone number without its country code where that is China's or North America's.

    Others keep theirs after a plus. A masked or letter-bearing value is kept as a token.

    >>> phone("+86 138-1234-5678"), phone("+44 (0)20 7946 0000")
    ('13812345678', '+442079460000')
    """
    if len(raw) == 11 and raw[0] == "1" and raw.isascii() and raw.isdecimal():
        return raw
    text = fold(raw)
    extension = _EXTENSION.search(text)
    tail = ""
    if extension:
        text, tail = text[: extension.start()], "x" + extension[1]
    if any(c.isalpha() or c == "*" for c in text):
        return token(raw)
    abroad = text.startswith(("+", "00"))
    digits = _NOT_DIGIT.sub("", text.replace("(0)", "") if abroad else text)
    if not digits.strip("0"):
        return None
    mobile = _CHINESE_MOBILE.fullmatch(digits)
    if mobile:
        return mobile[1] + tail
    if not abroad:
        return digits + tail
    return _international(digits.removeprefix("00")) + tail


def _international(digits: str) -> str:
    if digits.startswith("1") and len(digits) == 11:
        return digits[1:]
    if digits.startswith("86"):
        return "0" + digits[2:].lstrip("0")
    return "+" + digits


@settled
def ip(raw: str) -> str | None:
    """An address without its port; of IPv6 the /64, since the rest rotates within one home.

    >>> ip("192.0.2.7:8080"), ip("[2001:db8:1:2::1]:443")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    text = fold(raw)
    if text.count(":") > 1:
        text = text.removesuffix("/64")
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return token(text)
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped
        if inner is None:
            return _prefix64(found)
        found = inner
    return None if found.is_unspecified or found.is_loopback else str(found)


def _prefix64(found: ipaddress.IPv6Address) -> str | None:
    if found.is_unspecified or found.is_loopback:
        return None
    return str(ipaddress.IPv6Address(int(found) >> 64 << 64)) + "/64"


@settled
def photo(raw: str) -> str | None:
    """A content or perceptual hash, with or without the name of its method in front.

    >>> photo("SHA256:ABCDEF0123456789")
    'abcdef0123456789'
    """
    text = token(_HASH_LABEL.sub("", fold(raw)))
    return None if text in _EMPTY_FILE else text


@settled
def address(raw: str) -> str | None:
    """An address as written, less case, spaces and punctuation. Variants: see `door_key`.

    >>> address("12 High St., Leeds")
    '12highstleeds'
    """
    text = fold(raw)
    return "".join([c for c in text if c.isalnum()]) or None
