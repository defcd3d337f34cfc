"""`python -m api`: serve from the command line, with the settings of the environment."""

from __future__ import annotations

from argparse import ArgumentParser

from api.server import serve


def main() -> None:
    parser = ArgumentParser(prog="python -m api", description="Serve the API and the console.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on")
    parser.add_argument("--workers", type=int, default=1, help="how many processes")
    parser.add_argument("--root-path", default="", help="the path prefix that a proxy takes off")
    serve(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
