"""`quarterdeck up`: everything, in one terminal, until Ctrl-C."""

from __future__ import annotations

import argparse

from quarterdeck.config.cli import options


def add_arguments(parser: argparse.ArgumentParser) -> None:
    options.add_address(parser)
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    parser.add_argument("--no-link", action="store_true", help="do not print a sign-in link")


def run(args: argparse.Namespace) -> int:
    from quarterdeck.core import supervisor

    return supervisor.run(open_browser=not args.no_browser, print_link=not args.no_link)
