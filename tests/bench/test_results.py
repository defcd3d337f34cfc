"""Measurements that go on where they were ended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.bench.learned.results import Results

pytestmark = pytest.mark.engines


def test_a_second_run_reads_what_the_first_measured(tmp_path: Path) -> None:
    file, settings = tmp_path / "bench" / "found.jsonl", {"refunds": 10}
    first = Results.open(file, settings)
    assert first.read() == {}
    first.add(3, {"auc": np.float64(0.1) + 0.2})
    first.add(4, None)
    assert Results.open(file, settings).read() == {3: {"auc": 0.1 + 0.2}, 4: None}
    assert Results.open(file, {"refunds": 11}).read() == {}


def test_a_line_cut_short_is_measured_again(tmp_path: Path) -> None:
    file = tmp_path / "found.jsonl"
    results = Results.open(file, {})
    results.add(1, 0.5)
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])
    results.add(2, 0.7)
    assert results.read() == {1: 0.5, 2: 0.7}
