"""What a text file looks like: its encoding and its separator, judged by a sample of it."""

from __future__ import annotations

import codecs
import csv

SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
"""Separators with their names."""

COMMON = 0.8
"""From such a share of characters in GB 2312 on, bytes are Chinese and no Western European text."""


def encoding_of(raw: bytes) -> str:
    """The encoding that bytes look like: UTF-8, 16 or 32, GB18030, cp932 (Japanese) or cp1252;
    empty where unclear.

    >>> encoding_of("订单号".encode("gbk")), encoding_of("café, Zürich".encode("cp1252"))
    ('GB18030', 'cp1252')
    """
    if wide := _wide(raw):
        return wide
    if _is_text(raw, "utf-8"):
        return "UTF-8"
    for name, looks in (("GB18030", _is_chinese), ("cp932", _is_japanese)):
        if _is_text(raw, name) and looks(raw.decode(name)):
            return name
    return "cp1252" if _is_text(raw, "cp1252") else ""


def _wide(raw: bytes) -> str:
    """The encoding of bytes in which a character has two or four of them; empty for others."""
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "UTF-32"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    for name, zeros in (("UTF-16-LE", raw[1::2]), ("UTF-16-BE", raw[::2])):
        if raw and zeros.count(0) > len(raw) // 5:
            return name
    return ""


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


def _is_japanese(text: str) -> bool:
    """Whether other characters than ASCII are Japanese, some of them kana in full width."""
    other = [character for character in text if not character.isascii()]
    kana = sum("\u3040" <= character <= "\u30ff" for character in other)
    known = sum("\u3000" <= character <= "\u9fff" for character in other)
    return kana > 0 and known >= COMMON * len(other)


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
