"""Who made or changed a file: names of programs and devices as whole words, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from risk.evidence.file_intake import Upload
from risk.evidence.reading import READER, read_file
from risk.evidence.reading.makers import editor_in, maker_in
from risk.history.store import History
from tests.evidence_pictures import evidence_files
from tests.pictures import film, saved, scene


@pytest.mark.parametrize(
    ("said", "maker"),
    [
        ({"Software": "Google Imagen 4"}, "generator"),
        ({"Software": "Visor de imagen 2.1"}, "unknown"),
        ({"Software": "imagen-recortada.jpg"}, "unknown"),
        ({"Software": "DALL-E 3"}, "generator"),
        ({"Software": "HTML canvas"}, "unknown"),
        ({"Make": "Canon", "Model": "CanoScan LiDE 400"}, "scanner"),
        ({"Make": "Canon", "Model": "EOS R5"}, "camera"),
        ({"Software": "Scandinavian Photo"}, "unknown"),
        ({"Software": "Epson Scan 2"}, "scanner"),
        ({"Software": "CamScanner"}, "scanner"),
        ({"Software": "扫描全能王"}, "scanner"),
        ({"UserComment": b"ASCII\0\0\0Screenshot"}, "screen"),
        ({"UserComment": b"UNICODE\0S\0c\0r\0e\0e\0n\0s\0h\0o\0t\0"}, "screen"),
        ({"ImageDescription": "手机截屏图片"}, "screen"),
        ({"xmp": '<x Iptc4xmpExt:DigitalSourceType="http://cv/trainedAlgorithmicMedia"/>'},
         "generator"),
        ({"xmp": '<x t:DigitalSourceType="http://cv/compositeWithTrainedAlgorithmicMedia"/>'},
         "unknown"),
        ({"xmp": "<dc:title>a stable diffusion of dye</dc:title>"}, "unknown"),
    ],
)  # fmt: skip
def test_what_made_a_picture(said: dict[str, object], maker: str) -> None:
    assert maker_in(said) == maker


@pytest.mark.parametrize(
    ("text", "editor"),
    [
        ("Canva", "Canva"),
        ("canvas 2d", None),
        ("Lavf61.7.100", None),
        ("美图秀秀", "美图秀秀"),
        ("CapCut 12", "CapCut 12"),
        ("Ma premiere photo", None),
        ("Adobe Premiere 2024", "Adobe Premiere 2024"),
        ("luminar la habitación", None),
    ],
)
def test_what_changed_a_picture(text: str, editor: str | None) -> None:
    assert editor_in(text) == editor


def test_a_film_of_any_encoder_was_not_edited() -> None:
    content = film(2, 1)
    assert b"Lavf" in content
    assert read_file(content).edited_by is None


def with_xmp(words: str) -> bytes:
    packet = f'<x:xmpmeta xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">{words}</x:xmpmeta>'
    return saved(scene(3), xmp=packet.encode())


def test_the_schemas_of_a_packet_name_no_program() -> None:
    assert read_file(with_xmp("<dc:creator>imagen</dc:creator>")).edited_by is None
    named = with_xmp("<xmp:CreatorTool>Adobe Photoshop 25.1</xmp:CreatorTool>")
    assert read_file(named).edited_by == "Adobe Photoshop 25.1"


def test_a_picture_that_a_spanish_program_cut_is_no_generators() -> None:
    exif = Image.Exif()
    exif[305] = "Editor de imagen"
    found = read_file(saved(scene(4), exif=exif))
    assert (found.made_by, found.edited_by) == ("unknown", None)


def test_the_same_bytes_are_read_anew_only_under_a_higher_revision(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Release after release: what was read is kept with the version that read it."""
    content = saved(scene(5))
    with evidence_files(history, tmp_path / "files") as files:
        older = files.read(Upload("E-1", content))
        assert older.reader == READER == "3"
        first = files.take(Upload("E-1", content), record=type(older)("image/jpeg", reader="1"))
        again = files.take(Upload("E-1", content))
        assert (first.read["reader"], again.read["reader"], again.new) == ("1", "1", False)
        anew = files.take(Upload("E-1", content, revision=2))
        assert (anew.read["reader"], anew.new) == ("3", True)
        assert files.take(Upload("E-1", content)).read["reader"] == "1"
