"""What is read of a file: its kind by content, its record, its credentials; hostile files."""

from __future__ import annotations

import io
import random
import re
import struct
import time
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, PngImagePlugin

from risk.evidence.reading import FileRecord, UnreadableFile, read_file, rendering
from tests.pictures import GENERATED, camera_record, film, saved, scene, signed

PHONE_HEIC = Path(__file__).parent / "files" / "phone.heic"


def ms(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    return round(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp() * 1000)


def cause(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read_file(content)
    return raised.value.cause


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_record_of_a_camera(kind: str) -> None:
    found = read_file(saved(scene(1), kind, exif=camera_record()))
    assert found.media_type == f"image/{kind.lower()}"
    assert (found.made_by, found.made_at) == ("camera", ms(2026, 3, 1, 2))
    assert (found.edited_by, found.credentials) == (None, "none")
    assert found.fingerprints
    assert "31" not in repr(found).replace(found.fingerprints, "").replace(str(found.made_at), "")


@pytest.mark.parametrize(
    ("zones", "clock", "made"),
    [
        ({}, "device", ms(2026, 11, 28, 15, 56)),
        ({36881: "+08:00"}, "zone", ms(2026, 11, 28, 7, 56)),
        ({36880: "+08:00"}, "zone", ms(2026, 11, 28, 7, 56)),
        ({36881: "somewhere"}, "device", ms(2026, 11, 28, 15, 56)),
    ],
)
def test_a_time_without_a_zone_is_what_the_devices_clock_showed(
    zones: dict[int, str], clock: str, made: int
) -> None:
    exif = Image.Exif()
    exif[271] = "Apple"
    exif.get_ifd(0x8769).update({36867: "2026:11:28 15:56:00", **zones})
    found = read_file(saved(scene(6), exif=exif))
    assert (found.made_at, found.clock) == (made, clock)
    assert read_file(saved(scene(6))).clock is None, "it says no time"


@pytest.mark.parametrize(
    ("written", "clock"),
    [("D:20261128155600", "device"), ("D:20261128155600+08'00'", "zone"),
     ("D:20261128155600Z", "zone")],
)  # fmt: skip
def test_a_document_may_name_its_zone(written: str, clock: str) -> None:
    content = saved(scene(1), "PDF")
    dated = re.sub(
        rb"/(CreationDate|ModDate) ?\([^)]*\)", b"/\\1 (" + written.encode() + b")", content
    )
    assert read_file(dated).clock == clock


def test_a_picture_of_a_phone_in_heic() -> None:
    found = read_file(PHONE_HEIC.read_bytes())
    assert (found.media_type, found.made_by) == ("image/heic", "camera")
    assert Image.open(io.BytesIO(rendering(PHONE_HEIC.read_bytes(), "image/heic", 32))).width == 32


@pytest.mark.parametrize(("suffix", "kind"), [(".mp4", "video/mp4"), (".mov", "video/quicktime")])
def test_a_film(suffix: str, kind: str) -> None:
    content = film(2, 5, suffix)
    found = read_file(content)
    assert (found.media_type, found.length_s) == (kind, 5)
    assert found.fingerprints is not None
    assert found.fingerprints.count("|") == 2
    assert len(found.fingerprints) < 4_000
    assert Image.open(io.BytesIO(rendering(content, kind, 200))).size == (200, 150)


def test_a_document() -> None:
    pages = [scene(n) for n in range(4)]
    content = saved(pages[0], "PDF", save_all=True, append_images=pages[1:])
    found = read_file(content)
    assert (found.media_type, found.pages) == ("application/pdf", 4)
    assert found.made_at is not None
    assert len(found.fingerprints or "") < 4_000
    assert Image.open(io.BytesIO(rendering(content, "application/pdf", 300))).width == 300


def test_who_changed_or_made_it() -> None:
    exif = camera_record()
    exif[305] = "Adobe Photoshop 25.1 (Windows)"
    assert read_file(saved(scene(3), exif=exif)).edited_by == "Adobe Photoshop 25.1 (Windows)"
    exif[305] = "17.1.2"
    assert read_file(saved(scene(3), exif=exif)).edited_by is None
    said = PngImagePlugin.PngInfo()
    said.add_text("parameters", "a cracked cup, steps: 30")
    made = read_file(saved(scene(3), "PNG", pnginfo=said))
    assert (made.made_by, made.credentials) == ("generator", "none")
    plain = Image.new("RGB", (400, 800), "white")
    plain.paste((20, 90, 200), (0, 0, 400, 60))
    assert read_file(saved(plain, "PNG")).made_by == "screen"


def test_credentials_are_verified_without_a_network() -> None:
    plain = saved(scene(4))
    made = signed(plain)
    found = read_file(made)
    assert (found.credentials, found.made_by) == ("intact", "generator")
    taken = read_file(signed(plain, "digitalCapture"))
    assert (taken.credentials, taken.made_by) == ("intact", "camera")
    mixed = read_file(signed(plain, "compositeWithTrainedAlgorithmicMedia"))
    assert (mixed.credentials, mixed.made_by) == ("intact", "unknown")
    changed = bytearray(made)
    changed[-400] ^= 1
    assert read_file(bytes(changed)).credentials == "broken"
    assert GENERATED.encode() in made


def test_what_is_shown_keeps_no_record() -> None:
    content = saved(scene(5), exif=camera_record(), comment=b"secret", icc_profile=b"x" * 200)
    shown = rendering(content, "image/jpeg", 320)
    assert Image.open(io.BytesIO(shown)).size == (320, 240)
    assert b"Exif" not in shown
    assert b"secret" not in shown
    assert b"ICC_PROFILE" not in shown
    lying = camera_record()
    lying[274] = 6
    turned = Image.open(io.BytesIO(rendering(saved(scene(5), exif=lying), "image/jpeg", 90)))
    assert turned.size == (90, 120)


def test_bombs() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    wide = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + wide + chunk(b"IDAT", zlib.compress(bytes(10**6)))
    assert "picture" in cause(bomb + chunk(b"IEND", b"")) or "whole" in cause(bomb)
    text = chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(80_000_000), 9))
    head, rest = saved(scene(6), "PNG")[:33], saved(scene(6), "PNG")[33:]
    assert "whole image/png" in cause(head + text + rest)


def test_files_that_are_something_else_too() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("a.txt", "b")
    picture = saved(scene(7))
    assert "archive" in cause(picture + archive.getvalue())
    assert "script" in cause(picture + b"<script>alert(1)</script>")
    for page in (
        b"<svg onload=alert(1)>",
        b"<SVG/onload=alert(1)>",
        b"<html>",
        b"<?php system('id');",
    ):
        assert "script" in cause(picture + page)
    assert "PDF" in cause(saved(scene(7), comment=b"%PDF-1.4"))
    assert "JPEG, PNG" in cause(b"<svg onload=alert(1)>")
    assert "JPEG, PNG" in cause(b"GIF89a" + bytes(100))
    assert "JPEG, PNG" in cause(b"")


@pytest.mark.parametrize(
    "chance", [b"<svg\x8f", b"<SvG>\x00\xd3", b"<sVg a\xff", b"<htmlx", b"<?php\x01"]
)
def test_pixels_that_begin_a_page_by_chance(chance: bytes) -> None:
    assert read_file(saved(scene(7)) + chance).media_type == "image/jpeg"


def test_documents_with_scripts_or_files() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(300, 300)
    document.new_attachment("a.exe").set_data(b"MZ")
    written = io.BytesIO()
    document.save(written)
    assert "files" in cause(written.getvalue())
    script = saved(scene(8), "PDF").replace(
        b"/Type /Catalog",
        b"/Type /Catalog /Names << /JavaScript <<"
        b" /Names [(a) << /S /JavaScript /JS (app) >>] >> >>",
    )
    assert "script" in cause(script)


@pytest.fixture(scope="module")
def good() -> list[bytes]:
    small = scene(9, (160, 120))
    kinds = [saved(small, kind, exif=camera_record()) for kind in ("JPEG", "PNG", "WEBP")]
    return [*kinds, PHONE_HEIC.read_bytes(), saved(small, "PDF"), signed(kinds[0]), film(9, 1)]


def mutated(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    way = draw.randrange(4)
    if way == 0:
        return bytes(changed[: draw.randrange(len(changed))])
    for _ in range(draw.choice((1, 3, 30))):
        at = draw.randrange(len(changed))
        if way == 1:
            changed[at] = draw.randrange(256)
        elif way == 2:
            changed[at : at + draw.randrange(1, 40)] = b"\xff" * draw.randrange(40)
        else:
            other = draw.randrange(len(changed))
            changed[at:at] = changed[other : other + draw.randrange(200)]
    return bytes(changed)


def test_mutated_files_are_read_or_refused_in_time(good: list[bytes]) -> None:
    """Here in one process: `isolated_reader` keeps what this cannot see from harm."""
    draw = random.Random(12)
    refused = 0
    for round_ in range(140):
        content = mutated(good[round_ % len(good)], draw)
        started = time.perf_counter()
        try:
            found = read_file(content)
            assert isinstance(found, FileRecord)
            assert rendering(content, found.media_type, 100).startswith(b"\xff\xd8")
        except UnreadableFile:
            refused += 1
        assert time.perf_counter() - started < 5
    assert refused > 40
