"""What stands around the service: receivers that are slow or fail, clients that dawdle."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

from tests.bench.chaos.listening import Receiver, arrived, listening, subscribe
from tests.bench.chaos.load import wait_for
from tests.bench.chaos.scenario import Place, Told, loaded
from tests.bench.chaos.world import token

DAWDLERS = 40


def receivers(place: Place, told: Told) -> None:
    """One receiver takes all, one holds each push for a minute, one fails, then mends."""
    good, slow, failing = Receiver(), Receiver(slow_s=60.0), Receiver(answer=500)
    with ExitStack() as stack:
        for receiver in (good, slow, failing):
            stack.enter_context(listening(receiver))
        with loaded(place, told) as (service, load):
            for receiver in (good, slow, failing):
                subscribe(service.url, token(place.url), receiver)
            before = set(load.sent)  # what was asked earlier may be decided before they listened
            wait_for(load, 60)
            told.hold(service.kill_worker(0), "no worker to kill")
            wait_for(load, 60)
            load.stop()
            pushed = {f"R-{name}" for name in set(load.acknowledged) - before}
            missing = arrived(good, pushed, 90)
            failing.answer = 204
            late = arrived(failing, pushed, 240)
    told.hold(failing.tries > 0 and slow.tries > 0, "somebody was never tried")
    told.hold(not missing, f"{len(missing)} decisions never came to the good receiver")
    told.hold(not late, f"{len(late)} decisions never came to the mended receiver")
    told.done = (
        f"a slow and a failing receiver, a worker killed; {len(pushed)} decisions came to the good "
        f"one, and to the failing one when it had mended"
    )


def dawdlers(place: Place, told: Told) -> None:
    """Clients that send a byte a second, of a head or of a body, beside clients that do not."""
    with loaded(place, told) as (service, load):
        alone = wait_for(load, 40)
        slow = [_dawdle(service.port, token(place.url), n) for n in range(DAWDLERS)]
        answers: dict[int, bytes] = {}
        beside = wait_for(load, 40)
        began = time.monotonic()
        while len(answers) < DAWDLERS and time.monotonic() - began < 60:
            for n in set(range(DAWDLERS)) - set(answers):
                if (said := _one_byte(slow[n])) is not None:
                    answers[n] = said
            time.sleep(1)
        waited = time.monotonic() - began
        for connection in slow:
            connection.close()
    sent_away = sum(said.startswith(b"HTTP/1.1 408 ") for said in answers.values())
    told.hold(sent_away == DAWDLERS, f"only {sent_away} of {DAWDLERS} were answered 408")
    told.done = (
        f"{DAWDLERS} clients with a byte a second, each told 408 within {waited:.0f} s; "
        f"40 answers in {alone:.1f} s without them, {beside:.1f} s beside them"
    )


def _dawdle(port: int, key: str, number: int) -> socket.socket:
    """A connection in the middle of its head, or of its body."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setblocking(False)
    head = f"POST /v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n".encode()
    rest = b"content-type: application/json\r\ncontent-length: 1000\r\n\r\n"
    connection.send(head + (rest if number % 2 else b"x-slow: "))
    return connection


def _one_byte(connection: socket.socket) -> bytes | None:
    """Send one more; what was answered, if anything."""
    try:
        said = connection.recv(65_536)
    except BlockingIOError:
        connection.send(b" ")
        return None
    except OSError as error:
        return type(error).__name__.encode()
    return said
