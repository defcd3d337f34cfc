"""Which policy is in force for whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from risk.errors import PolicyRefused
from risk.policy import Policies, Shelf, load, vary


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


def test_a_shelf_notices_what_changed_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(load(None).source, encoding="utf-8")
    shelf = Shelf(file)
    first = shelf.policies.general.version
    assert not shelf.look()
    file.write_text(load(None).source + "\n# a remark\n", encoding="utf-8")
    assert not shelf.look()
    file.write_text(load(None).source.replace("asked = 4.0", "asked = 5.0"), encoding="utf-8")
    assert shelf.look()
    assert shelf.policies.general.version != first
    assert not shelf.look()


def test_a_shelf_goes_on_with_what_held_and_complains_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(load(None).source, encoding="utf-8")
    shelf = Shelf(file)
    held = shelf.policies
    file.write_text("name = 1", encoding="utf-8")
    with pytest.raises(PolicyRefused, match=r"mine\.toml"):
        shelf.look()
    assert "mine.toml" in shelf.refused
    assert not shelf.look()
    assert shelf.policies is held
    file.unlink()
    with pytest.raises(PolicyRefused, match="cannot be read"):
        shelf.look()
    file.write_text(load(None).source, encoding="utf-8")
    assert not shelf.look()
    assert shelf.refused == ""


def test_a_shelf_sees_merchants_come_and_go(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    own = tmp_path / "m1.toml"
    own.write_text(load(None).source.replace("asked = 4.0", "asked = 6.0"), encoding="utf-8")
    assert shelf.look()
    assert shelf.policies.of("m1").version != shelf.policies.of("m2").version
    own.unlink()
    assert shelf.look()
    assert shelf.policies.of("m1").version == shelf.policies.of("m2").version
