"""Options that set what `core/env.py` lists, so that this process and its children read one and the same."""

from __future__ import annotations

import argparse
import os


def add_common(parser: argparse.ArgumentParser) -> None:
    """`--data`, which every sub-command has."""
    parser.add_argument("--data", metavar="DIR", help="the data directory (also QUARTERDECK_DATA)")


def add_address(parser: argparse.ArgumentParser) -> None:
    """`--host`, `--port` and `--public-url`."""
    parser.add_argument("--host", help="the address to listen on (default 127.0.0.1; also QUARTERDECK_HOST)")
    parser.add_argument("--port", type=_port, help="the port (default 8300; also QUARTERDECK_PORT)")
    parser.add_argument(
        "--public-url", metavar="URL", help="the https address people use (also QUARTERDECK_PUBLIC_URL)"
    )


def to_environment(args: argparse.Namespace) -> None:
    """Put what was given on the command line into the environment."""
    for option, name in {
        "data": "QUARTERDECK_DATA",
        "host": "QUARTERDECK_HOST",
        "port": "QUARTERDECK_PORT",
        "public_url": "QUARTERDECK_PUBLIC_URL",
    }.items():
        value = getattr(args, option, None)
        if value is not None:
            os.environ[name] = os.path.abspath(os.path.expanduser(value)) if option == "data" else str(value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quarterdeck.config.settings")


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)
