"""Which picture a file shows: settled as naively as it can be, and what a case knows of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from PIL import Image, ImageOps

from risk.decisions.decide import Decider
from risk.evidence import nearness_rows
from risk.evidence.file_intake import EvidenceFiles, Upload
from risk.evidence.nearness import any_near
from risk.evidence.patches import split
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import FACTS
from risk.history.schema.schema_files import picture_bands
from risk.history.store import History
from tests.deciders import DAY, body, decider, photo
from tests.evidence_pictures import evidence_files
from tests.pictures import saved, scene, signed

COPIES: tuple[Callable[[Image.Image], Image.Image], ...] = (
    lambda p: p,
    ImageOps.mirror,
    lambda p: p.crop((60, 40, 600, 440)),
    lambda p: p.resize((320, 240)),
    lambda p: p.transpose(Image.Transpose.ROTATE_90),
)


@pytest.fixture
def files(history: History, tmp_path: Path) -> Iterator[EvidenceFiles]:
    with evidence_files(history, tmp_path / "files") as made:
        yield made


def asked(history: History, name: str, *, photos: int = 1, sku: str = "cup", **order: Any) -> Any:
    """A request with items of evidence that have no hash."""
    one = body(name, at=now_ms() - 3_600_000 - len(name))
    one["order"][0] |= {"sku": sku, **order}
    items = [{**photo(one, n + 1), "content_hash": None} for n in range(photos)]
    for kind, stated in (("orders", one["order"]), ("refunds", [one["refund"]]),
                         ("evidence", items)):  # fmt: skip
        ingest(history, kind, stated)
    return one


def rows(history: History) -> list[Any]:
    c = FACTS["files"].c
    read = (c.evidence_id, c.picture, c.copied, c.fingerprints)
    with history.read() as connection:
        return list(connection.execute(sa.select(*read).order_by(c.known_at)))


def give(files: EvidenceFiles, name: str, content: bytes, number: int = 1) -> None:
    files.take(Upload(f"E-R-{name}-{number}", content))


def test_near_pictures_get_one_number_as_a_comparison_of_all_pairs_gives(
    history: History, files: EvidenceFiles
) -> None:
    draw = random.Random(3)
    for number in range(16):
        copy = COPIES[draw.randrange(len(COPIES))]
        give(files, f"n{number}", saved(copy(scene(draw.randrange(5))), quality=70))
    judged: list[Any] = []
    for _, picture, copied, fingerprints in rows(history):
        own = split(fingerprints)
        first = next((p for p, known in judged if any_near(own, known)), None)
        assert copied == first
        assert picture == (first or picture)
        judged.append((picture, own))
    assert len({picture for picture, _ in judged}) <= 5


def test_a_band_that_very_many_share_gives_its_latest(
    history: History, files: EvidenceFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearness_rows, "LATEST", 3)
    for number in range(6):
        give(files, f"m{number}", saved(scene(1), quality=60 + number))
    with history.read() as connection:
        bands = sa.select(picture_bands.c.band).distinct()
        wanted = list(connection.execute(bands).scalars())
        found = nearness_rows.files_by_band(connection, wanted)
    assert 3 <= len(found) < 6 or max(found.values()) <= 3 * len(wanted)
    assert len({picture for _, picture, *_ in rows(history)}) == 1


FEATURES = ("picture_views", "picture_of_stranger", "picture_of_another_article")


def known(history: History, one: Any) -> list[float]:
    """The features of the pictures of a request now: by look-ups, and by the engine of training."""
    at, refund = now_ms() + DAY, one["refund"]["refund_id"]
    with history.read() as connection:
        spine = history.reader.spine(connection, refund, at)
        assert spine is not None
        vector = history.reader.vector(connection, spine)
    names = [feature.name for feature in history.reader.features]
    return [float(vector[names.index(name)]) for name in FEATURES]


def test_only_the_later_of_two_strangers_has_a_copy(history: History, files: EvidenceFiles) -> None:
    first, later = asked(history, "a1"), asked(history, "b1", photos=2, sku="lamp")
    again = asked(history, "a2", customer_id="C-a1", device_id="device-a1")
    give(files, "a1", saved(scene(1)))
    give(files, "b1", saved(ImageOps.mirror(scene(1)), quality=60))
    give(files, "b1", saved(scene(2)), 2)
    give(files, "a2", saved(scene(1), quality=50))
    assert known(history, first) == [1, 0, 0]
    assert known(history, later) == [2, 1, 1]
    assert known(history, again) == [1, 0, 0]


def test_one_household_the_shop_and_oneself_are_no_strangers(
    history: History, files: EvidenceFiles
) -> None:
    asked(history, "h1", shipping_address="1 Long Road, York YO1 1AA")
    home = asked(history, "h2", shipping_address="1 Long Road, York YO1 1AA")
    give(files, "h1", saved(scene(3)))
    give(files, "h2", saved(scene(3), quality=60))
    assert known(history, home) == [1, 0, 0]
    shop = asked(history, "s1")
    item = photo(shop, 9, submitted_by="merchant", content_hash=None)
    ingest(history, "evidence", [item])
    give(files, "s1", saved(scene(4)), 9)
    shopper = asked(history, "s2", sku="lamp")
    give(files, "s2", saved(scene(4), quality=60))
    assert known(history, shopper) == [1, 0, 0]


def test_a_picture_taken_back_is_nobodys(history: History, files: EvidenceFiles) -> None:
    asked(history, "r1")
    later = asked(history, "r2")
    give(files, "r1", saved(scene(5)))
    give(files, "r2", saved(scene(5), quality=60))
    assert known(history, later)[1] == 1
    taken_back = {"kind": "evidence", "key": '{"evidence_id": "E-R-r1-1"}', "reason": "wrong case",
                  "retracted_at": "2026-01-01T00:00:00Z"}  # fmt: skip
    ingest(history, "retractions", [taken_back])
    assert known(history, later)[1] == 0


def test_who_comes_later_is_asked_for_a_fresh_picture(
    history: History, files: EvidenceFiles
) -> None:
    deciding = decider(history)
    for name in ("f1", "f2"):
        asked(history, name)
    give(files, "f1", saved(scene(6)))
    give(files, "f2", saved(scene(6).crop((30, 30, 610, 450)), quality=60))
    assert "fresh_picture" not in rules(again(deciding, "f1"))
    answer = again(deciding, "f2")
    assert answer["tier"] == "request_evidence"
    assert "fresh_picture" in rules(answer)
    assert "film" in answer["required_evidence"][0]["text"]["en"]


def test_what_says_verifiably_that_a_machine_made_it(
    history: History, files: EvidenceFiles
) -> None:
    deciding = decider(history)
    for name, content in (("g1", signed(saved(scene(7)))), ("g2", saved(scene(8), exif=painted()))):
        asked(history, name)
        give(files, name, content)
    assert "fresh_picture" in rules(again(deciding, "g1"))
    assert "fresh_picture" not in rules(again(deciding, "g2"))


def painted() -> Image.Exif:
    """A record that names a generator and that nothing verifies."""
    exif = Image.Exif()
    exif[305] = "Stable Diffusion"
    return exif


def again(deciding: Decider, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads(deciding.score_again(f"R-{name}").json)
    return answer


def rules(answer: dict[str, Any]) -> list[str]:
    return [rule["id"] for rule in answer["rules"]]
