"""Who made or changed a file, by the names that programs and devices write into its record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from risk.evidence.reading.record import Maker

_EDITORS = (
    "photoshop", "lightroom", "gimp", "snapseed", "picsart", "vsco", "canva", "affinity photo",
    "affinity designer", "pixelmator", "paint.net", "meitu", "美图", "xingtu", "醒图", "remini",
    "facetune", "faceapp", "skylum", "luminar neo", "luminar ai", "capture one", "darktable",
    "photopea", "acdsee", "krita", "imagemagick", "fotor", "adobe premiere", "premiere pro",
    "final cut pro", "capcut", "剪映", "davinci resolve", "imovie", "handbrake",
)  # fmt: skip
_GENERATORS = (
    "stable diffusion", "midjourney", "dall-e", "dall·e", "firefly", "comfyui", "novelai",
    "google imagen", "made with google ai", "trainedalgorithmicmedia", "flux.1", "gpt-image",
    "openai", "jimeng", "即梦",
)  # fmt: skip
_SCANNERS = ("scanner", "scan", "scansnap", "canoscan", "camscanner", "vuescan", "naps2", "扫描")
_SCREENS = (
    "screenshot", "screen capture", "screenrecord", "screenrecorder", "screen recording",
    "截屏", "截图",
)  # fmt: skip


def _marks(names: Iterable[str]) -> str:
    """A pattern for any of these names as a whole word, as far as its writing has words: "canva" is
    not in "canvas", and 美图 is in 美图秀秀."""
    letter = "[A-Za-zÀ-ɏ]"
    return "|".join(
        f"(?<!{letter}){re.escape(name)}(?!{letter})" if name.isascii() else re.escape(name)
        for name in names
    )


_GENERATOR, _SCANNER, _SCREEN = (
    re.compile(_marks(names), re.IGNORECASE) for names in (_GENERATORS, _SCANNERS, _SCREENS)
)
_CHARACTER_CODE = re.compile(rb"\A(?:ASCII\0{3}|UNICODE\0|JIS\0{5}|\0{8})")
"""What a comment of Exif begins with."""

_AROUND = r"[\w .()]{0,24}"
_EDITOR = re.compile(f"{_AROUND}(?:{_marks(_EDITORS)}){_AROUND}", re.IGNORECASE)
_SAID_IN_XMP = re.compile(
    r"(?:CreatorTool|softwareAgent|DigitalSourceType|Credit)\s*(?:=\s*[\"']|>)([^\"'<]{1,200})"
)


def editor_in(*texts: str) -> str | None:
    """The program that changed a file, in the words of its record; None where none is named.

    >>> editor_in("Adobe Photoshop 25.1 (Windows)")
    'Adobe Photoshop 25.1 (Windows)'
    >>> editor_in("17.1.2") is None
    True
    >>> editor_in("HTML canvas") is None
    True
    """
    found = next(filter(None, map(_EDITOR.search, texts)), None)
    return found[0].strip() if found else None


def programs_in_xmp(xmp: str) -> str:
    """The programs and sources that an XMP packet names as such: names of its schemas, such as
    those that begin with `photoshop:`, say nothing of who wrote it."""
    return "\n".join(_SAID_IN_XMP.findall(xmp))


def maker_in(said: Mapping[str, Any]) -> Maker:
    """What made a picture, as its record says by the names of Exif."""
    text = f"{said.get('Software', '')}\n{programs_in_xmp(str(said.get('xmp', '')))}"
    device = f"{said.get('Make', '')} {said.get('Model', '')}".strip("\0 ")
    comment = said.get("UserComment", b"")
    if isinstance(comment, bytes):
        comment = _CHARACTER_CODE.sub(b"", comment).decode("latin-1").replace("\0", "")
    if {"parameters", "prompt", "workflow"} & set(said) or _GENERATOR.search(text):
        return "generator"
    if _SCREEN.search(f"{comment}\n{said.get('ImageDescription', '')}\n{text}"):
        return "screen"
    if _SCANNER.search(f"{device}\n{text}"):
        return "scanner"
    return "camera" if device else "unknown"
