"""Pictures of a made world: what has one hash is near, whatever became of it; nothing else is."""

from __future__ import annotations

import csv
import io
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image

from risk.evidence.patch_matching import near
from risk.evidence.reading.picture_patches import patches_of
from training.simulate.drawn_pictures import write_pictures

HASHES = ("h1", "h2", "h1", "h3", "h1", "h2", "")


def test_pictures_of_one_hash_are_near_and_no_others(tmp_path: Path) -> None:
    with (tmp_path / "evidence.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("evidence_id", "kind", "content_hash"))
        rows.writerows((f"E-{n}", "photo", hash_) for n, hash_ in enumerate(HASHES))
        rows.writerow(("E-9", "video", "h1"))
    assert write_pictures(tmp_path, 10) == 6
    known = [
        patches_of(np.asarray(Image.open(io.BytesIO(file.read_bytes())).convert("L")))
        for file in sorted((tmp_path / "files").iterdir())
    ]
    for (n, one), (m, other) in combinations(enumerate(known), 2):
        assert near(one, other) == (HASHES[n] == HASHES[m]), (n, m)
    assert write_pictures(tmp_path, 2) == 2
