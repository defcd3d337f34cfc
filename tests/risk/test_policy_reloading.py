"""Which policy is in force for whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from risk.errors import PolicyRefused
from risk.policy import Policies, ReloadingPolicies, load, vary


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


def test_reloading_notices_what_changed_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(load(None).source, encoding="utf-8")
    reloading = ReloadingPolicies(file)
    first = reloading.policies.general.version
    assert not reloading.reload()
    file.write_text(load(None).source + "\n# a remark\n", encoding="utf-8")
    assert not reloading.reload()
    file.write_text(load(None).source.replace("asked = 4.0", "asked = 5.0"), encoding="utf-8")
    assert reloading.reload()
    assert reloading.policies.general.version != first
    assert not reloading.reload()


def test_reloading_goes_on_with_what_held_and_complains_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(load(None).source, encoding="utf-8")
    reloading = ReloadingPolicies(file)
    held = reloading.policies
    file.write_text("name = 1", encoding="utf-8")
    with pytest.raises(PolicyRefused, match=r"mine\.toml"):
        reloading.reload()
    assert "mine.toml" in reloading.refused
    assert not reloading.reload()
    assert reloading.policies is held
    file.unlink()
    with pytest.raises(PolicyRefused, match="cannot be read"):
        reloading.reload()
    file.write_text(load(None).source, encoding="utf-8")
    assert not reloading.reload()
    assert reloading.refused == ""


def test_reloading_sees_merchants_come_and_go(tmp_path: Path) -> None:
    reloading = ReloadingPolicies(tmp_path)
    own = tmp_path / "m1.toml"
    own.write_text(load(None).source.replace("asked = 4.0", "asked = 6.0"), encoding="utf-8")
    assert reloading.reload()
    assert reloading.policies.of("m1").version != reloading.policies.of("m2").version
    own.unlink()
    assert reloading.reload()
    assert reloading.policies.of("m1").version == reloading.policies.of("m2").version
