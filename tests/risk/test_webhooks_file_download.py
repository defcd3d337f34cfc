"""Downloading from servers that are honest, slow, lying or killed: bounded, whatever they do."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from risk.webhooks.file_download import MOST_REDIRECTS, Downloader, NotDownloaded
from risk.webhooks.file_settings import FileSettings
from tests.evidence_pictures import picture
from tests.file_server import (
    Answer,
    FileServer,
    announced,
    bomb,
    cut_short,
    dripping,
    endless,
    endless_head,
    no_http,
    redirected,
    serving_files,
    silent,
    status,
    whole,
)

HERE = FileSettings(hosts=("127.0.0.1", "localhost"))
MOST = 2**20
LATE = "did not come within"


def fetched(server: FileServer, path: str, **settings: Any) -> bytes:
    given = {"allowed": HERE, "private": True, "most": MOST, "seconds": 1.0, **settings}
    return asyncio.run(Downloader(**given).download(f"{server.url}/{path}"))


def failure(server: FileServer, path: str, **settings: Any) -> NotDownloaded:
    with pytest.raises(NotDownloaded) as caught:
        fetched(server, path, **settings)
    return caught.value


def test_a_file_comes_as_it_is_without_credentials() -> None:
    with serving_files(a=whole(picture()), b=redirected("/a"), c=redirected("b")) as server:
        assert fetched(server, "c") == picture()
        assert server.asked == ["c", "b", "a"]
        for asked in server.heads:
            assert b"cookie" not in asked.lower()
            assert b"authorization" not in asked.lower()


@pytest.mark.parametrize(
    ("answer", "final", "cause"),
    [
        (endless, True, "more than 1 megabytes"),
        (announced(2**40), True, "more than 1 megabytes"),
        (whole(b"\0" * (MOST + 1)), True, "more than 1 megabytes"),
        (bomb, True, "compressed"),
        (status("410 Gone"), True, "answered 410"),
        (status("204 No Content"), False, "answered 204"),
        (status("404 Not Found"), False, "answered 404"),
        (status("500 Oops"), False, "answered 500"),
        (redirected("http://10.0.0.1/a"), True, "no host"),
        (redirected("http://[::1]/a"), True, "no host"),
        (redirected("file:///etc/passwd"), True, "https"),
        (redirected("https://user:word@127.0.0.1/a"), True, "password"),
        (redirected("/a"), True, f"more than {MOST_REDIRECTS} redirects"),
        (status("302 Found", location="http://127.0.0.1:bad/"), True, "an address"),
        (cut_short(b"half"), False, "ProtocolError"),
        (endless_head, False, "Error"),
        (no_http, False, "ProtocolError"),
        (dripping, False, LATE),
        (silent, False, LATE),
        (announced(1000), False, LATE),
    ],
)
def test_what_does_not_come(answer: Answer, final: bool, cause: str) -> None:
    seconds = 1.0 if cause == LATE else 30.0
    with serving_files(a=answer) as server:
        why = failure(server, "a", seconds=seconds)
        assert cause in str(why)
        assert why.final == final


def test_a_server_that_is_not_there() -> None:
    with serving_files() as server:
        pass
    assert not failure(server, "a").final


def test_plain_http_and_the_own_network_need_leave() -> None:
    with serving_files(a=whole(picture())) as server:
        assert failure(server, "a", private=False).final
        named = FileServer(server.url.replace("http://127.0.0.1", "https://localhost"), {})
        assert "port" in str(failure(named, "a", private=False))
        assert server.asked == []


def test_a_name_that_leads_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = []

    def inside(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        looked_up.append(host)
        public = len(looked_up) == 1
        addresses = ["93.184.216.34", "10.0.0.1"] if public else ["93.184.216.34"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    why = failure(FileServer("https://files.example.com", {}), "a", private=False,
                  allowed=FileSettings(hosts=("files.example.com",)))  # fmt: skip
    assert (str(why), why.final) == ("the name leads into a private network", True)
    assert looked_up == ["files.example.com"], "resolved once"
