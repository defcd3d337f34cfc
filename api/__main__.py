"""`python -m api`: serve from the command line, with the settings of the environment."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from sqlalchemy.exc import SQLAlchemyError

from api.server import serve
from risk.errors import RefundRiskError, first_line


def main() -> None:
    parser = ArgumentParser(prog="python -m api", description="Serve the API and the console.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on")
    parser.add_argument("--workers", type=int, default=1, help="how many processes")
    parser.add_argument("--root-path", default="", help="the path prefix that a proxy takes off")
    told = vars(parser.parse_args())
    try:
        serve(**told)
    except (RefundRiskError, SQLAlchemyError, ValueError, OSError) as error:
        sys.exit(f"error: {first_line(error)}")


if __name__ == "__main__":
    main()
