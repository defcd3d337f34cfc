"""Reading in a process of its own: hostile files end there, in time, and nothing is served raw."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from risk.evidence.isolated_reader import IsolatedReader
from risk.evidence.reading.record import UnreadableFile
from tests.hostile_files import good_files, try_files


@pytest.fixture
def reader() -> Iterator[IsolatedReader]:
    made = IsolatedReader()
    yield made
    made.close()


def test_mutated_files_do_no_harm() -> None:
    trial = try_files(120, 11)
    assert (trial.faults, trial.restarts) == ([], 0)
    assert min(trial.outcomes["rendered"], trial.outcomes["refused"]) > 10


@pytest.mark.parametrize("kind", [b"E\xe7if", b"\xff\xff\xff\xff"])
def test_an_item_of_a_kind_that_is_no_text_ends_nothing(
    reader: IsolatedReader, kind: bytes
) -> None:
    content = good_files()["heic"]
    reader.read(content)
    before = reader.process_id
    with pytest.raises(UnreadableFile, match="its items"):
        reader.read(content.replace(b"Exif", kind))
    assert reader.process_id == before


def test_every_good_file_is_read_and_shown(reader: IsolatedReader) -> None:
    for name, content in good_files().items():
        record = reader.read(content)
        assert reader.render(content, record.media_type, 64).startswith(b"\xff\xd8\xff"), name


def test_a_film_plays_and_nothing_else_does(reader: IsolatedReader) -> None:
    good = good_files()
    shown = reader.play(good["mov"], "video/quicktime", 200)
    with Image.open(io.BytesIO(shown)) as opened:
        assert (opened.format, opened.width, getattr(opened, "n_frames", 1)) == ("WEBP", 200, 8)
    with pytest.raises(UnreadableFile, match="a film"):
        reader.play(good["png"], "image/png", 200)


def test_what_takes_too_long_is_ended_and_the_next_file_is_read(reader: IsolatedReader) -> None:
    content = good_files()["mp4"]
    with pytest.raises(UnreadableFile, match="reader can finish"):
        IsolatedReader(seconds=0.05).read(content)
    assert reader.read(content).length_s == 2


def test_a_process_that_died_is_made_again(reader: IsolatedReader) -> None:
    content = good_files()["jpeg"]
    first = reader.read(content)
    died = reader.process_id
    assert died is not None
    os.kill(died, signal.SIGKILL)
    assert reader.read(content) == first
    assert reader.process_id != died


def test_the_process_knows_no_secret_and_writes_no_file(
    reader: IsolatedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUND_RISK_SECRET", "known to the service alone")
    reader.read(good_files()["png"])
    process = Path(f"/proc/{reader.process_id}")
    assert [v.partition(b"=")[0] for v in (process / "environ").read_bytes().split(b"\0") if v] == [
        b"PYTHONPATH"
    ]
    limits = (process / "limits").read_text()
    assert "Max file size             0" in limits


def test_it_ends_with_the_service(reader: IsolatedReader) -> None:
    reader.read(good_files()["png"])
    reader.close()
    assert reader.process_id is None
