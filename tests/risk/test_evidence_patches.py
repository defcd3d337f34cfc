"""Fingerprints: what is near, whichever way round, and what is not."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from risk.evidence.patch_matching import (
    LEAST_MATCHES,
    MOST_TRIES,
    PARTNERS,
    agreeing,
    likely_layings,
    likely_pairs,
    matching,
    near,
)
from risk.evidence.patches import BANDS, Patches, bands, joined, split
from risk.evidence.reading import read_file
from risk.evidence.reading.picture_patches import patches_of
from tests.pictures import film, saved, scene

T = Image.Transpose


def patches(picture: Image.Image, quality: int = 80) -> Patches:
    again = Image.open(io.BytesIO(saved(picture, quality=quality)))
    return patches_of(np.asarray(again.convert("L")))


def in_a_screen(picture: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (720, 1_280), "white")
    screen.paste(picture.resize((720, 540)), (0, 300))
    ImageDraw.Draw(screen).text((40, 100), "Order 4711", fill="black", font_size=40)
    return screen


def stamped(picture: Image.Image) -> Image.Image:
    stamped = picture.copy()
    ImageDraw.Draw(stamped).text((60, 200), "SAMPLE", fill="white", font_size=80)
    return stamped


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved again": lambda p: p,
    "half as large": lambda p: p.resize((p.width // 2, p.height // 2)),
    "mirrored": ImageOps.mirror,
    **{turn.name: partial(Image.Image.transpose, method=turn) for turn in (
        T.FLIP_TOP_BOTTOM, T.ROTATE_90, T.ROTATE_180, T.ROTATE_270, T.TRANSPOSE, T.TRANSVERSE)},
    "cut": lambda p: p.crop((70, 40, 560, 420)),
    "grey": ImageOps.grayscale,
    "in a screen": in_a_screen,
    "written over": stamped,
}  # fmt: skip


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_near(name: str) -> None:
    for seed in range(3):
        original = scene(seed)
        assert near(patches(COPIES[name](original), 60), patches(original)), seed


def test_pictures_that_have_nothing_in_common_are_not_near() -> None:
    known = [patches(scene(seed)) for seed in range(20, 30)]
    found = [matching(a, b) for n, a in enumerate(known) for b in known[n + 1 :]]
    assert max(found) == 0


def test_two_screens_of_one_program_have_no_patches_in_common() -> None:
    screens = [in_a_screen(Image.new("RGB", (720, 540), "gray")) for _ in range(2)]
    ImageDraw.Draw(screens[1]).text((40, 1_000), "Refund 99.00", fill="black", font_size=40)
    assert not near(*map(patches, screens))


def tiles(side: int, shift: int = 0) -> Patches:
    """The patches of a chessboard: hundreds that look alike, at places that fit in many ways."""
    places = [
        (20.0 + shift + 30 * x, 20.0 + 30 * y, 12.0) for x in range(side) for y in range(side)
    ]
    return Patches.of([0xF0F0] * len(places), places, (448, 448))


@pytest.mark.parametrize("side", [3, 6, 14])
def test_what_a_chessboard_costs_is_bounded(side: int) -> None:
    one, other = tiles(side), tiles(side, 7)
    pairs = likely_pairs(one, other)
    for of in (pairs.left, pairs.right):
        assert np.unique(of, return_counts=True)[1].max() <= PARTNERS
    tries = list(likely_layings(pairs, one.size, other.size))
    assert len(tries) <= MOST_TRIES
    assert len({fits.tobytes() for fits in tries}) == len(tries)
    assert agreeing(one, other) <= side * side


def test_a_real_chessboard_is_itself_and_takes_no_more_tries() -> None:
    squares = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((60, 60))) * 140 + 60
    noise = np.random.default_rng(3).normal(0, 4, squares.shape)
    board = Image.fromarray(np.clip(squares + noise, 0, 255).astype(np.uint8)).convert("RGB")
    one, other = patches(board), patches(board.crop((30, 30, 450, 450)), 60)
    for variant in one.variants():
        tries = likely_layings(likely_pairs(variant, other), variant.size, other.size)
        assert len(list(tries)) <= MOST_TRIES


@given(st.integers(0, 2**32))
def test_tries_hold_the_way_that_most_patches_agree_on(seed: int) -> None:
    """A copy at another scale is found among patches that have nothing in common."""
    draw = np.random.default_rng(seed)
    places = np.column_stack([draw.uniform(20, 420, (2, 40)).T, draw.uniform(6, 30, 40)])
    one = Patches.of(draw.integers(0, 2**63, 40).tolist(), places.tolist(), (448, 448))
    kept = draw.choice(40, 20, replace=False)
    moved = places[kept] * 0.8 + np.array([30.0, 12.0, 0.0])
    strange = draw.integers(0, 2**63, 20).tolist()
    other = Patches.of(
        one.hashes[kept].tolist() + strange,
        [*moved.tolist(), *draw.uniform(20, 420, (20, 3)).tolist()], (448, 448),
    )  # fmt: skip
    assert agreeing(one, other, LEAST_MATCHES) >= 20


def test_a_film_that_was_cut_is_near_and_another_is_not() -> None:
    one, again, other = (split(read_file(film(*which)).fingerprints) for which in
                         ((5, 5), (5, 3), (6, 5)))  # fmt: skip
    assert any(near(a, b) for a in one for b in again)
    assert not any(near(a, b) for a in one for b in other)


hashes = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=12)


def made(of: list[int]) -> Patches:
    places = [(8.0 + 9 * n, 20.0 + 7 * n % 50, 6.0) for n in range(len(of))]
    return Patches.of(of, places, (300, 200))


@given(hashes)
def test_text_keeps_patches(of: list[int]) -> None:
    once = made(of)
    (again,) = split(joined([once]))
    assert again.hashes.tolist() == of
    assert again.places.tolist() == once.places.tolist()
    assert again.size == once.size


@given(hashes)
def test_turning_twice_gives_the_picture_again(of: list[int]) -> None:
    once = made(of)
    for number, variant in enumerate(once.variants()):
        back = list(variant.variants())[{5: 6, 6: 5}.get(number, number)]
        assert back.hashes.tolist() == of
        assert np.allclose(back.places, once.places)


@given(hashes)
def test_bands_hold_63_bits_apart(of: list[int]) -> None:
    found = bands(np.array(of, dtype=np.uint64))
    assert found.shape == (len(of), BANDS)
    assert {int(one) >> 21 for one in found.flat} == {0, 1, 2}
    other = bands(np.array(of, dtype=np.uint64) ^ np.uint64(1))
    assert ((found != other).sum(axis=1) == 1).all()


@pytest.mark.parametrize("text", ["x", "AAAA", "AAAAAAAA" * 2 + "|?"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        split(text)
