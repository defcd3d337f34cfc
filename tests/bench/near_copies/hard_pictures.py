"""Pictures that are alike and no copies: what a shop gets every day from people who are honest.

Each kind is drawn from two numbers: the thing (an article, a label, a shop's app) and the shot. Two
shots of one thing are two people's pictures of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from training.simulate.drawn_pictures import scene

Pixels = npt.NDArray[np.uint8]
Random = np.random.Generator
WIDTH, HEIGHT = 640, 480


def picture(kind: str, thing: int, shot: int) -> Image.Image:
    """One shot of a thing of a kind."""
    return Image.fromarray(KINDS[kind](thing, np.random.default_rng((7, thing, shot))))


def _colour(draw: Random) -> tuple[int, int, int]:
    red, green, blue = (int(n) for n in draw.integers(30, 230, 3))
    return red, green, blue


def _ground(draw: Random, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Pixels:
    """A table or a floor under uneven light, with its grain."""
    colours = np.asarray(_colour(draw)) + draw.normal(0, 18, (3, 4, 3))
    light = cv2.resize(colours.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    grain = cv2.GaussianBlur(
        draw.normal(0, 14, (size[1], size[0], 1)).astype(np.float32), (5, 1), 2
    )
    return np.asarray(np.clip(light + grain[:, :, None], 0, 255), dtype=np.uint8)


def _photographed(face: Pixels, draw: Random, turn: float = 22, stand: float = 0.1) -> Pixels:
    """A face of a thing on some ground, by another hand: from another side, in another light."""
    ground = _ground(draw)
    height, width = face.shape[:2]
    by = draw.uniform(0.55, 0.95) * min(WIDTH / width, HEIGHT / height)
    angle = np.deg2rad(draw.uniform(-turn, turn))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    centred = (corners - corners.mean(axis=0)) * by
    spin = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    tilt = draw.uniform(-stand, stand, (4, 2)) * by * min(width, height)
    at = np.array([WIDTH / 2, HEIGHT / 2]) + draw.uniform(-50, 50, 2)
    to = (centred @ spin + tilt + at).astype(np.float32)
    lay = cv2.getPerspectiveTransform(corners.astype(np.float32), to)
    laid = cv2.warpPerspective(face, lay, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full((height, width), 255, np.uint8), lay, (WIDTH, HEIGHT))
    seen = np.where(inside[:, :, None] > 127, laid, ground)
    light = cv2.resize(draw.uniform(0.75, 1.15, (2, 3)).astype(np.float32), (WIDTH, HEIGHT))
    noisy = seen * light[:, :, None] + draw.normal(0, 4, (HEIGHT, WIDTH, 1))
    soft = cv2.GaussianBlur(noisy.astype(np.float32), (0, 0), float(draw.uniform(0.5, 1.3)))
    return np.asarray(np.clip(soft, 0, 255), dtype=np.uint8)


@lru_cache(4096)
def _face(thing: int) -> Pixels:
    """What an article looks like."""
    return np.asarray(scene(10**6 + thing, (420, 340)))


def article(thing: int, draw: Random) -> Pixels:
    """The same article, photographed by another customer."""
    return _photographed(_face(thing), draw)


def batch(thing: int, draw: Random) -> Pixels:
    """The same defect of the same article: a crack at nearly the same place."""
    face, same = _face(thing).copy(), np.random.default_rng((8, thing))
    path = same.uniform((60, 60), (360, 280), (5, 2)) + draw.normal(0, 4, (5, 2))
    cv2.polylines(face, [path.astype(np.int32)], False, (25, 22, 20), 3, cv2.LINE_AA)
    return _photographed(face, draw, turn=12, stand=0.06)


def _write(face: Pixels, text: str, at: tuple[int, int], size: float, bold: int = 1) -> None:
    cv2.putText(face, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (20, 20, 20), bold, cv2.LINE_AA)


def label(thing: int, draw: Random) -> Pixels:
    """A courier's label: one form, another name, number and bar code."""
    face = np.full((300, 420, 3), 245, np.uint8)
    same = np.random.default_rng((9, thing))
    cv2.rectangle(face, (8, 8), (410, 60), _colour(same), -1)
    _write(face, f"EXPRESS {int(same.integers(10, 99))}", (20, 46), 1.1, 2)
    for row in range(4):
        _write(face, f"No {int(draw.integers(10**9))}  R{int(draw.integers(900))}",
               (20, 100 + 30 * row), 0.6)  # fmt: skip
    x = 20
    while x < 390:
        wide = int(draw.integers(1, 6))
        cv2.rectangle(face, (x, 220), (x + wide, 285), (15, 15, 15), -1)
        x += wide + int(draw.integers(2, 7))
    return _photographed(face, draw)


def box(thing: int, draw: Random) -> Pixels:
    """A brown box with the shop's print, and its dents."""
    same = np.random.default_rng((10, thing))
    face = np.asarray(
        np.clip(np.array([172, 130, 88]) + draw.normal(0, 7, (340, 420, 1)), 0, 255), np.uint8
    ).repeat(1, axis=2)
    face = np.ascontiguousarray(face)
    cv2.rectangle(face, (195, 0), (225, 340), (196, 168, 120), -1)
    middle = (int(same.integers(60, 160)), int(same.integers(80, 260)))
    cv2.circle(face, middle, 42, (80, 50, 30), 6, cv2.LINE_AA)
    cv2.ellipse(face, middle, (20, 40), int(same.integers(180)), 0, 360, (80, 50, 30), -1)
    _write(face, f"SHOP {int(same.integers(100))}", (240, int(same.integers(80, 300))), 1.0, 2)
    for _ in range(3):
        ends = draw.integers((0, 0), (420, 340), (2, 2))
        cv2.line(face, tuple(map(int, ends[0])), tuple(map(int, ends[1])), (120, 88, 56), 2)
    return _photographed(face, draw)


def invoice(thing: int, draw: Random) -> Pixels:
    """A page as a program writes it: the shop's form and sign, another order."""
    same = np.random.default_rng((11, thing))
    page = np.full((880, 640, 3), 255, np.uint8)
    cv2.circle(page, (90, 90), 46, _colour(same), -1, cv2.LINE_AA)
    cv2.circle(page, (112, 78), 24, _colour(same), -1, cv2.LINE_AA)
    _write(page, f"INVOICE Shop {int(same.integers(1000))} Ltd", (170, 100), 0.9, 2)
    for row in range(int(draw.integers(3, 11))):
        _write(page, f"{int(draw.integers(1, 9))} x article {int(draw.integers(10**6)):06d}   "
               f"{draw.uniform(3, 900):8.2f}", (60, 220 + 44 * row), 0.7)  # fmt: skip
    _write(page, f"Total {draw.uniform(3, 9000):.2f} CNY", (340, 760), 0.8, 2)
    return page


def app(thing: int, draw: Random) -> Pixels:
    """A screenshot of a shop's app: its bars and icons, another customer's order."""
    same = np.random.default_rng((12, thing))
    screen = np.full((1_120, 560, 3), 250, np.uint8)
    cv2.rectangle(screen, (0, 0), (560, 90), _colour(same), -1)
    for number in range(5):
        at = (56 + 112 * number, 1_070)
        cv2.circle(screen, at, 24, _colour(same), -1, cv2.LINE_AA)
        cv2.circle(screen, at, 10, (250, 250, 250), -1, cv2.LINE_AA)
    for row in range(int(draw.integers(2, 5))):
        y = 130 + 210 * row
        cv2.rectangle(screen, (24, y), (184, y + 160), _colour(draw), -1)
        _write(screen, f"Order {int(draw.integers(10**9))}", (204, y + 50), 0.7)
        _write(screen, f"Refund {draw.uniform(3, 900):.2f} asked", (204, y + 100), 0.6)
    return screen


def plain(thing: int, draw: Random) -> Pixels:
    """Hardly anything: a table, a wall, a small part on it."""
    same = np.random.default_rng((13, thing))
    seen = _ground(draw)
    middle = tuple(int(n) for n in draw.integers((120, 100), (520, 380)))
    turned = int(draw.integers(180))
    cv2.ellipse(seen, middle, (26, 14), turned, 0, 360, _colour(same), -1, cv2.LINE_AA)
    cv2.ellipse(seen, middle, (10, 6), turned, 0, 360, _colour(same), -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), 1.0), dtype=np.uint8)


def other(thing: int, draw: Random) -> Pixels:
    """A picture that has nothing in common with any."""
    return np.asarray(scene(int(draw.integers(2 * 10**6, 2**31)) + thing))


KINDS: dict[str, Callable[[int, Random], Pixels]] = {
    "the same article": article,
    "a defective batch": batch,
    "labels": label,
    "boxes": box,
    "invoices": invoice,
    "app screenshots": app,
    "plain grounds": plain,
    "anything": other,
}
"""By name: what draws a shot of a thing."""
