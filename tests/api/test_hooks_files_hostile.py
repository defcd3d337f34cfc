"""Files by address from servers that attack: nothing gets in, and the service goes on."""

from __future__ import annotations

import time

import httpx

from tests.api.fetched_files import claim, endpoint, fetched_files
from tests.api.hook_senders import rows
from tests.api.serving import Running
from tests.file_server import (
    announced,
    bomb,
    cut_short,
    endless,
    endless_head,
    no_http,
    redirected,
    serving_files,
    status,
    whole,
)
from tests.hostile_files import good_files
from tests.pictures import saved, scene

FOREIGN = "http://169.254.169.254/latest/meta-data/"


def test_what_no_server_gets_in(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = endpoint(client, "hostile")
    refused = {
        "endless": endless, "large": announced(2**40), "bomb": bomb, "gone": status("410 Gone"),
        "inside": redirected(FOREIGN), "loop": redirected("/loop"),
        "page": whole(b"<html><script>alert(1)</script>", "image/jpeg"), "empty": whole(b""),
        "script": whole(b"#!/bin/sh\nid\n"), "broken": whole(good_files()["png"][:60]),
        "both": whole(saved(scene(1)) + b"<script>alert(1)</script>"),
    }  # fmt: skip
    later = {"cut": cut_short(b"half"), "none": no_http, "head": endless_head,
             "busy": status("503 Busy")}  # fmt: skip
    with serving_files(**refused, **later) as server:
        named = {f"{server.url}/{path}": path for path in (*refused, *later)}
        claim(stranger, place, "hostile", *named)
        began = time.monotonic()
        assert client.get("/readyz").status_code == 200
        assert time.monotonic() - began < 5, "nobody waits for a file"
        files = fetched_files(client, place)
    states = [one["state"] for one in files]
    assert sorted(states) == ["refused"] * len(refused) + ["waiting"] * len(later), files
    assert all(one["why"] for one in files)
    assert all(one["tries"] == 1 for one in files if one["state"] == "waiting")
    assert rows(served, "files", "generic:hostile:") == []
