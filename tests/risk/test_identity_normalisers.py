"""Identities that are one token, and their keyed hashes."""

import unicodedata
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from risk.identity import NORMALISERS, Hasher, normalise

KEY = b"0123456789abcdef"

SAME = [
    (
        "phone",
        [
            "13812345678",
            "+86 138-1234-5678",
            "0086 13812345678",
            "86-138 1234 5678",
            "１３８１２３４５６７８",
        ],
    ),
    ("phone", ["0571-88886666", "+86 571 8888 6666", "(0571)88886666"]),
    ("phone", ["555-123-4567", "+1 (555) 123-4567", "001 555 123 4567"]),
    ("phone", ["+44 (0)20 7946 0000", "+442079460000"]),
    (
        "payment",
        [
            "6222 0012 3456 7890",
            "6222-0012-3456-7890",
            "6222001234567890",
            "６２２２００１２３４５６７８９０",
        ],
    ),
    ("payout", ["Bob@Example.com ", "bob@example.com"]),
    ("device", ["AB:CD:EF:01:23:45", "abcdef012345", "AB-CD-EF-01-23-45"]),
    ("device", ["6F9619FF-8B86-D011-B42D-00C04FC964FF", "6f9619ff8b86d011b42d00c04fc964ff"]),
    ("tracking", ["SF 1234 5678 90", "sf1234567890", "SF-1234567890"]),
    ("ip", ["192.168.1.7", "192.168.1.7:8080", "::ffff:192.168.1.7"]),
    ("ip", ["2001:db8:1:2::1", "2001:0db8:0001:0002:ffff::9", "[2001:db8:1:2::1]:443"]),
    ("photo", ["SHA256:ABCDEF0123456789", "abcdef0123456789"]),
    ("address", ["12 High St., Leeds", "12 HIGH ST LEEDS", "１２ high st,leeds"]),
]
APART = [
    ("phone", "13812345678", "13812345679"),
    ("phone", "15551234567", "+1 555 123 4567"),
    ("phone", "0571-88886666", "0571-88886666转12"),
    ("device", "dev-1-23", "dev-12-3"),
    ("payment", "6222****1234", "6222****1235"),
    ("ip", "10.0.0.1", "10.0.0.2"),
    ("ip", "2001:db8:1:2::1", "2001:db8:1:3::1"),
    ("payout", "a.b@example.com", "ab@example.com"),
    ("tracking", "SF1234567890", "YT1234567890"),
    ("address", "1 12th St", "11 2nd St"),
]
BLANK = [
    "",
    "   ",
    "-",
    "--",
    "N/A",
    "null",
    "None",
    "Unknown",
    "not provided",
    "无",
    "暂无",
    "未知",
    "　",
]


@pytest.mark.parametrize(("kind", "spellings"), SAME)
def test_one_identity_has_one_spelling(kind: str, spellings: list[str]) -> None:
    assert len({normalise(kind, text) for text in spellings}) == 1


@pytest.mark.parametrize(("kind", "one", "other"), APART)
def test_two_identities_stay_two(kind: str, one: str, other: str) -> None:
    assert normalise(kind, one) != normalise(kind, other)


@pytest.mark.parametrize("kind", sorted(NORMALISERS))
@pytest.mark.parametrize("raw", BLANK)
def test_a_blank_is_nobody(kind: str, raw: str) -> None:
    assert normalise(kind, raw) is None
    assert Hasher(KEY).of(kind, raw) is None


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("phone", "000-0000-0000"),
        ("ip", "0.0.0.0"),
        ("ip", "127.0.0.1"),
        ("ip", "::1"),
        ("device", "00000000-0000-0000-0000-000000000000"),
        ("device", "0.0.0.0"),
        ("payment", "0-00"),
        ("payment", "**** ****"),
        ("phone", "***"),
        ("device", "xxx"),
        ("payment", "Test"),
        ("address", "0"),
        ("door", "0"),
        ("photo", "d41d8cd98f00b204e9800998ecf8427e"),
    ],
)
def test_what_stands_for_nothing_links_nobody(kind: str, raw: str) -> None:
    assert normalise(kind, raw) is None


SPOKEN = st.text(max_size=40) | st.text(
    st.sampled_from("@Rr¸\u0327 \u00a0\u0345\u0301.-/:xX*12０(+)#[]%é́转"), max_size=12
)
"""Any text, and texts of what is taken out, joins, splits or has other forms."""

WHOLE = sorted(NORMALISERS.keys() - {"door"})
"""Those whose answer is a spelling of the same thing; a door's is a key of its own form."""


@pytest.mark.parametrize("kind", WHOLE)
@given(raw=SPOKEN)
@example(raw="@R¸")
@example(raw="-none-")
@example(raw="(00)123456")
@example(raw="md5:md5:abcdef012345")
@example(raw="X0)")
@example(raw="12ext5)")
@example(raw="2001:db8::1")
@example(raw="::ffff:10.0.0.1")
@example(raw="ﷺ" * 200)
def test_normalising_again_changes_nothing(kind: str, raw: str) -> None:
    once = normalise(kind, raw)
    if once is not None:
        assert normalise(kind, once) == once


FORMS: tuple[Callable[[str], str], ...] = (
    str,
    *(partial(unicodedata.normalize, form) for form in ("NFC", "NFD", "NFKC", "NFKD")),
    lambda raw: unicodedata.normalize("NFD", raw).casefold(),
    lambda raw: f" {raw}\t",
)


@pytest.mark.parametrize("kind", sorted(NORMALISERS))
@given(raw=SPOKEN)
@example(raw="@R¸")
@example(raw="12 R¸e Street, 4B")
def test_any_text_is_taken_the_same_way_in_any_form(kind: str, raw: str) -> None:
    assert len({normalise(kind, form(raw)) for form in FORMS}) == 1


def test_every_character_reaches_its_normal_form() -> None:
    every = map(chr, (*range(0xD800), *range(0xE000, 0x30000)))
    for c in (c for c in every if unicodedata.normalize("NFKC", c).casefold() != c):
        for raw in (f"@a{c}b", f"{c}1 2"):
            once = normalise("payout", raw)
            assert once is None or normalise("payout", once) == once, hex(ord(c))


def test_a_hash_depends_on_key_kind_and_value_and_fits_a_column() -> None:
    first, second = Hasher(KEY), Hasher(b"another key")
    values = [first.of(k, "13812345678") for k in ("phone", "device", "payment", "tracking")]
    values += [second.of("phone", "13812345678"), first.of("phone", "13812345679")]
    assert len(set(values)) == len(values)
    assert all(value is not None and -(2**63) <= value < 2**63 for value in values)
    assert any(
        value is not None and value < 0
        for value in (first.of("ip", f"10.0.0.{i}") for i in range(40))
    )


def test_a_door_hashes_alike_however_it_is_spelled_and_remembered() -> None:
    hasher, forgetful = Hasher(KEY), Hasher(KEY, cached_addresses=1)
    spellings = ["文三路90号3号楼2单元501室", "文三路90号3-2-501(放门口)", "文三路90號3栋2單元501"]
    assert len({h.of("door", text) for text in spellings * 2 for h in (hasher, forgetful)}) == 1
    assert hasher.of("address", spellings[0]) != hasher.of("address", spellings[1])


def test_a_long_key_works_and_an_empty_one_does_not() -> None:
    assert Hasher(b"k" * 100).of("phone", "13812345678") is not None
    with pytest.raises(ValueError, match="key"):
        Hasher(b"")


def test_an_unknown_kind_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Hasher(KEY).of("shoe_size", "42")


@pytest.mark.parametrize("kind", sorted(NORMALISERS))
def test_ten_megabytes_are_read_no_slower_than_a_page(kind: str) -> None:
    for seed in ("(((((", "1-", "号楼", "a,", "12 ", "é", "[1"):
        hostile = seed * (10_000_000 // len(seed))
        short = hostile[:2_000]
        assert normalise(kind, hostile) == normalise(kind, short)
