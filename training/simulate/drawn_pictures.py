"""Pictures of evidence: drawn for each photo of a made world, and changed as people change them.

Items with one hash show one picture, each in its own state: as taken, cut, saved again, mirrored,
recoloured or stamped. So what a world says is reused is near by its pixels too, and nothing else.
"""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

SIZE = (640, 480)

Change = Callable[[Image.Image, np.random.Generator], Image.Image]


def write_pictures(folder: Path, most: int) -> int:
    """Draw the pictures of the first photos of a folder's evidence into `files/`, at most `most`;
    answers how many."""
    to = folder / "files"
    to.mkdir(exist_ok=True)
    written = 0
    with (folder / "evidence.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if written == most:
                break
            if row["kind"] == "photo" and row["content_hash"]:
                draw = np.random.default_rng(zlib.crc32(row["evidence_id"].encode()))
                seen = changed(scene(zlib.crc32(row["content_hash"].encode())), draw)
                (to / f"{row['evidence_id']}.jpg").write_bytes(
                    as_jpeg(seen, int(draw.integers(45, 95)))
                )
                written += 1
    return written


def scene(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture with things on a ground, as a phone might take it."""
    draw = np.random.default_rng(seed)
    width, height = size
    picture = _ground(draw, size)
    pen = ImageDraw.Draw(picture)
    for _ in range(int(draw.integers(25, 70))):
        x, y = draw.integers(-30, width), draw.integers(-30, height)
        reach = np.abs(draw.normal(0, width / 9, 2)).astype(int) + 8
        colour = tuple(int(n) for n in draw.integers(0, 256, 3))
        box = (int(x), int(y), int(x + reach[0]), int(y + reach[1]))
        shape = draw.integers(0, 4)
        if shape == 0:
            pen.ellipse(box, fill=colour)
        elif shape == 1:
            pen.rectangle(box, fill=colour)
        elif shape == 2:
            pen.line(box, fill=colour, width=int(draw.integers(1, 7)))
        else:
            corners = draw.integers(-60, 60, (int(draw.integers(3, 6)), 2)) + np.array((x, y))
            pen.polygon([(int(a), int(b)) for a, b in corners], fill=colour)
    soft = picture.filter(ImageFilter.GaussianBlur(float(draw.uniform(0.5, 1.4))))
    grain = draw.normal(0, float(draw.uniform(2, 6)), (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(soft) + grain, 0, 255).astype(np.uint8))


def _ground(draw: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Light that falls unevenly on a table, a floor or cloth."""
    colours = draw.integers(40, 220, (3, 4, 3)).astype(np.uint8)
    return Image.fromarray(colours).resize(size, Image.Resampling.BICUBIC)


def changed(picture: Image.Image, draw: np.random.Generator) -> Image.Image:
    """The picture in one of the states that people send pictures in."""
    return CHANGES[list(CHANGES)[int(draw.integers(0, len(CHANGES)))]](picture, draw)


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    """The picture as a JPEG file."""
    written = io.BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=quality)
    return written.getvalue()


def cut(picture: Image.Image, draw: np.random.Generator, least: float = 0.7) -> Image.Image:
    """A part of the picture, at least so wide and high a share of it, anywhere."""
    width, height = picture.size
    across, down = (int(n * draw.uniform(least, 1.0)) for n in (width, height))
    left, top = int(draw.integers(0, width - across + 1)), int(draw.integers(0, height - down + 1))
    return picture.crop((left, top, left + across, top + down))


def stamped(picture: Image.Image, draw: np.random.Generator) -> Image.Image:
    """The picture with words and a block over it."""
    seen = picture.copy()
    pen, (width, height) = ImageDraw.Draw(seen), picture.size
    for _ in range(3):
        at = (int(draw.integers(0, width // 2)), int(draw.integers(0, height - 40)))
        pen.text(at, "SHOP 2026 SAMPLE", fill="white", font_size=max(height // 14, 12))
    x, y = int(draw.integers(0, width * 3 // 4)), int(draw.integers(0, height * 3 // 4))
    pen.rectangle((x, y, x + width // 5, y + height // 6), fill="black")
    return seen


def on_screen(picture: Image.Image, draw: np.random.Generator) -> Image.Image:
    """A screenshot of a phone that shows the picture."""
    screen = Image.new("RGB", (720, 1_400), "white")
    shown = picture.resize((720, max(720 * picture.height // picture.width, 1)))
    screen.paste(shown.crop((0, 0, 720, min(shown.height, 1_100))), (0, 220))
    pen = ImageDraw.Draw(screen)
    for line in range(3):
        words = f"Order {int(draw.integers(10**6, 10**7))} refund details"
        pen.text((30, 40 + 50 * line), words, fill="black", font_size=30)
    return screen


def recoloured(picture: Image.Image, draw: np.random.Generator) -> Image.Image:
    """The picture lighter or darker, with more or less colour."""
    lighter = ImageEnhance.Brightness(picture).enhance(float(draw.uniform(0.75, 1.3)))
    return ImageEnhance.Color(lighter).enhance(float(draw.uniform(0.2, 1.6)))


CHANGES: dict[str, Change] = {
    "as taken": lambda picture, _: picture,
    "cut": cut,
    "scaled": lambda picture, draw: picture.resize(
        (int(picture.width * (by := draw.uniform(0.4, 0.9))), int(picture.height * by))
    ),
    "mirrored": lambda picture, _: ImageOps.mirror(picture),
    "recoloured": recoloured,
    "stamped": stamped,
    "screenshot": on_screen,
}
"""What becomes of a picture before it is sent."""
