"""What a text file looks like: its encoding and its separator, judged by a sample of it."""

from __future__ import annotations

import codecs
import csv

SEPARATORS = {";": "a semicolon", "\t": "a tab", "|": "a bar", ",": "a comma"}
"""Separators with their names."""

COMMON = 0.8
"""From such a share of characters in GB 2312 on, bytes are Chinese and no Western European text."""


def encoding_of(raw: bytes) -> str:
    """The encoding that bytes look like: UTF-8, UTF-16, GB18030 or cp1252; empty where unclear.

    >>> encoding_of("订单号".encode("gbk")), encoding_of("café, Zürich".encode("cp1252"))
    ('GB18030', 'cp1252')
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    if raw and raw[1::2].count(0) > len(raw) // 5:
        return "UTF-16-LE"
    if raw and raw[::2].count(0) > len(raw) // 5:
        return "UTF-16-BE"
    if _is_text(raw, "utf-8"):
        return "UTF-8"
    if _is_text(raw, "gb18030") and _is_chinese(raw.decode("gb18030")):
        return "GB18030"
    return "cp1252" if _is_text(raw, "cp1252") else ""


def _is_text(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(text: str) -> bool:
    other = [character for character in text if not character.isascii()]
    known = sum(_is_text_of(character, "gb2312") for character in other)
    return known >= COMMON * len(other)


def _is_text_of(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def separator_of(line: str) -> str:
    """The separator that splits a header into most cells.

    >>> separator_of("Datum;Betrag, brutto;Kunde")
    ';'
    """
    stated = line.strip().lower().removeprefix("\ufeff").strip('"')
    if stated.startswith("sep=") and len(stated) == 5:
        return stated[-1]
    return max(SEPARATORS, key=lambda separator: len(next(csv.reader([line], delimiter=separator))))
