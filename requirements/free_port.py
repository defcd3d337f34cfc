"""Fail in one line where a port cannot be listened at: before anything is installed or made.

python3 requirements/free_port.py PORT
"""

import socket
import sys


def main(port: str) -> None:
    """Exit with a line where the port is no number or somebody listens there."""
    if not (port.isdigit() and 0 < int(port) < 65_536):
        sys.exit(f"PORT is a number from 1 to 65535, not {port}")
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", int(port)))
        except OSError as error:
            sys.exit(
                f"port {port} cannot be used ({error.strerror}): "
                f"`make serve PORT={int(port) % 65_535 + 1}` takes another"
            )


main(sys.argv[1])
