"""Who made or changed a file, by the names that programs and devices write into its record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from risk.evidence.reading.record import Maker

_EDITORS = (
    "photoshop", "lightroom", "gimp", "snapseed", "picsart", "vsco", "canva", "affinity",
    "pixelmator", "paint.net", "meitu", "美图", "xingtu", "醒图", "remini", "facetune", "faceapp",
    "luminar", "capture one", "darktable", "photopea", "acdsee", "krita", "imagemagick", "fotor",
    "premiere", "final cut", "capcut", "剪映", "davinci", "imovie", "lavf", "handbrake",
)  # fmt: skip
_WORD = r"[\w .()]{0,24}"
_EDITOR = re.compile(f"{_WORD}(?:{'|'.join(map(re.escape, _EDITORS))}){_WORD}", re.IGNORECASE)
_GENERATORS = (
    "stable diffusion", "midjourney", "dall-e", "dall·e", "firefly", "comfyui", "novelai",
    "imagen", "trainedalgorithmicmedia", "flux.1", "gpt-image", "sora", "jimeng", "即梦",
)  # fmt: skip
_SCANNERS = ("scanner", "scan", "scansnap", "扫描")
_SCREENS = ("screenshot", "screen capture", "截屏", "截图", "screenrecord")


def editor_in(*texts: str) -> str | None:
    """The program that changed a file, in the words of its record; None where none is named.

    >>> editor_in("Adobe Photoshop 25.1 (Windows)")
    'Adobe Photoshop 25.1 (Windows)'
    >>> editor_in("17.1.2") is None
    True
    """
    found = next(filter(None, map(_EDITOR.search, texts)), None)
    return found[0].strip() if found else None


def maker_in(said: Mapping[str, Any]) -> Maker:
    """What made a picture, as its record says by the names of Exif."""
    text = " ".join(str(said.get(name, "")) for name in ("Software", "xmp")).lower()
    device = f"{said.get('Make', '')} {said.get('Model', '')}".strip("\0 ").lower()
    comment = said.get("UserComment", b"")
    if isinstance(comment, bytes):
        comment = comment.decode("latin-1").replace("\0", "")
    if {"parameters", "prompt", "workflow"} & set(said) or _names(text, _GENERATORS):
        return "generator"
    if _names(f"{comment} {said.get('ImageDescription', '')} {text}".lower(), _SCREENS):
        return "screen"
    if _names(f"{device} {text}", _SCANNERS):
        return "scanner"
    return "camera" if device else "unknown"


def _names(text: str, names: tuple[str, ...]) -> bool:
    return any(name in text for name in names)
