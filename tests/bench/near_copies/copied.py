"""What people do to somebody else's picture before they send it as their own."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from training.simulate.drawn_pictures import (
    Change,
    as_jpeg,
    cut,
    on_screen,
    recoloured,
    stamped,
)

Transpose = Image.Transpose


def framed(picture: Image.Image, draw: np.random.Generator) -> Image.Image:
    """The picture in a frame, at another place of a larger ground."""
    wide, high = (
        picture.width + int(draw.integers(40, 200)),
        picture.height + int(draw.integers(40, 200)),
    )
    ground = Image.new("RGB", (wide, high), tuple(int(n) for n in draw.integers(0, 255, 3)))
    ground.paste(picture, (int(draw.integers(wide - picture.width)), 20))
    return ground


def covered(picture: Image.Image, draw: np.random.Generator) -> Image.Image:
    """The picture with a quarter of it painted over, as an address is."""
    seen = picture.copy()
    x, y = int(draw.integers(seen.width // 2)), int(draw.integers(seen.height // 2))
    box = (x, y, x + seen.width // 2, y + seen.height // 2)
    ImageDraw.Draw(seen).rectangle(box, fill="white")
    return seen


SENT_AGAIN = "sent again as it is"

COPIES: dict[str, Change] = {
    "saved again": lambda picture, _: picture,
    "cut to 70 to 100 % a side": cut,
    "cut to half a side": lambda picture, draw: cut(picture, draw, 0.5).crop(),
    "scaled to a third": lambda picture, _: picture.resize(
        (picture.width // 3, picture.height // 3), Image.Resampling.LANCZOS
    ),
    "mirrored": lambda picture, _: ImageOps.mirror(picture),
    "turned by 90 degrees": lambda picture, _: picture.transpose(Transpose.ROTATE_90),
    "recoloured": recoloured,
    "blurred": lambda picture, _: picture.filter(ImageFilter.GaussianBlur(1.5)),
    "stamped": stamped,
    "a quarter painted over": covered,
    "framed": framed,
    "in a screenshot": on_screen,
    "cut, mirrored and stamped": lambda picture, draw: stamped(
        ImageOps.mirror(cut(picture, draw)), draw
    ),
}
"""By name. Each copy is saved as JPEG once more, at a quality that is drawn; beside them stands
`SENT_AGAIN`, the very file."""


def copy_of(picture: Image.Image, name: str, seed: int) -> bytes:
    """A copy as a file."""
    draw = np.random.default_rng((14, seed))
    return as_jpeg(COPIES[name](picture, draw), int(draw.integers(40, 92)))
