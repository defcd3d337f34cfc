"""Which addresses files may be fetched from: public hosts that the endpoint names."""

from __future__ import annotations

import pytest

from risk.errors import BadInput
from risk.webhooks.file_settings import FileSettings
from risk.webhooks.mapping_table import read_mapping

ALLOWED = FileSettings(hosts=("files.example.com", "*.cdn.example.com", "127.0.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example.com/a.jpg",
        "https://files.example.com:443/a.jpg?signature=x",
        "https://FILES.example.com/a.jpg",
        "https://eu.cdn.example.com/a.jpg",
        "https://a.b.cdn.example.com/a.jpg",
    ],
)
def test_what_is_fetched(url: str) -> None:
    assert ALLOWED.refusal(url, private=False) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example.com/a.jpg",
        "ftp://files.example.com/a.jpg",
        "file:///etc/passwd",
        "//files.example.com/a.jpg",
        "data:image/png;base64,iVBORw0KGgo=",
        "https://example.com/a.jpg",
        "https://cdn.example.com/a.jpg",
        "https://notcdn.example.com.evil.example/a.jpg",
        "https://evil.example\\.cdn.example.com/a.jpg",
        "https://evil.example%2f.cdn.example.com/a.jpg",
        "https://files.example.com@evil.example/a.jpg",
        "https://evil.example@files.example.com/a.jpg",
        "https://files.example.com./a.jpg",
        "https://files.example.com:8443/a.jpg",
        "https://files.example.com:0/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://[::1]/a.jpg",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://files.example.com/\r\nx: y",
        "https://fіles.example.com/a.jpg",
        "https://files.example.com/" + "a" * 2_000,
        "",
    ],
)
def test_what_is_never_fetched(url: str) -> None:
    assert ALLOWED.refusal(url, private=False)


def test_without_hosts_nothing_is_fetched() -> None:
    refusal = read_mapping("").files.refusal("https://files.example.com/a.jpg", private=True)
    assert "no host" in refusal


@pytest.mark.parametrize(
    "host", ["*", "*.com", "", "https://files.example.com", "files.example.com/a", "FILES.example",
             "a..b", "*.*.example.com", "files.example.com:8443"],
)  # fmt: skip
def test_hosts_that_are_none(host: str) -> None:
    with pytest.raises(BadInput, match="files"):
        read_mapping(f'[files]\nhosts = ["{host}"]')


def test_only_evidence_has_a_file() -> None:
    with pytest.raises(BadInput, match="file_url"):
        read_mapping('[[messages]]\n[[messages.refunds]]\nfile_url = "url"')
