"""Which policy is in force for whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from risk.errors import PolicyRefused
from risk.policy import Policies, load, vary


def test_the_products_own_policy_holds_without_a_path() -> None:
    assert Policies.load(None).of("m1").version == load(None).version


def test_a_file_holds_for_everybody(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(load(None).source.replace("asked = 4.0", "asked = 5.0"), encoding="utf-8")
    policies = Policies.load(file)
    assert policies.of(None).version == policies.of("m1").version
    assert policies.of(None).version == vary(load(None), {"costs.asked": 5.0}).version


def test_a_folder_holds_a_policy_a_merchant(tmp_path: Path) -> None:
    text = load(None).source.replace("asked = 4.0", "asked = 6.0")
    (tmp_path / "m1.toml").write_text(text, encoding="utf-8")
    policies = Policies.load(tmp_path)
    assert policies.of("m1").version == vary(load(None), {"costs.asked": 6.0}).version
    assert policies.of("m2").version == policies.of(None).version == load(None).version


def test_a_bad_file_in_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "m1.toml").write_text("name = 1", encoding="utf-8")
    with pytest.raises(PolicyRefused, match=r"m1\.toml"):
        Policies.load(tmp_path)
