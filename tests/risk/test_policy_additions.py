"""What policies gained later is filled into a file, and absent from what was stored before."""

from __future__ import annotations

import json

import pytest

from risk.errors import PolicyRefused
from risk.policy import additions, parse, parse_stored
from risk.policy.additions import ADDED
from risk.policy.completing import completed
from tests.risk.policy_cases import POLICY


def lacking(path: str) -> str:
    """The default policy, as canonical JSON, without the entry at a path."""
    content = json.loads(POLICY.canonical)
    table = content
    *around, last = path.split(".")
    for key in around:
        table = table[key]
    del table[last]
    return json.dumps(content, sort_keys=True, ensure_ascii=False)


def test_a_stored_policy_is_read_without_what_came_later() -> None:
    for path in ADDED:
        text = lacking(path)
        assert parse_stored(text).canonical == text


def test_a_file_is_given_what_came_later() -> None:
    for path in ADDED:
        whole, taken = completed(json.loads(lacking(path)), json.loads(POLICY.canonical))
        assert taken == [path]
        assert whole == json.loads(POLICY.canonical)


def test_the_default_policy_takes_nothing() -> None:
    assert POLICY.taken == ()
    assert parse_stored(POLICY.canonical).version == POLICY.version


@pytest.mark.parametrize(
    "path",
    [
        "evidence.damaged",
        "suggestions.by_reason.damaged",
        "suggestions.granted.repair",
        "suggestions.costs.voucher",
        "rules.abuse_found",
        "wording.options.repair",
    ],
)
def test_a_code_or_rule_of_a_later_release_may_be_missing_in_what_is_stored(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(additions, "ADDED", (*ADDED, path))
    text = lacking(path)
    assert parse_stored(text).canonical == text


def test_what_a_policy_always_had_is_not_filled_in() -> None:
    with pytest.raises(PolicyRefused, match="abuse_found"):
        parse_stored(lacking("rules.abuse_found"))
    with pytest.raises(PolicyRefused, match="abuse_found"):
        parse(POLICY.source.replace("[rules.abuse_found]", "[rules.something_else]"))
