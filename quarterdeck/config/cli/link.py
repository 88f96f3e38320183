"""`quarterdeck link`: a fresh sign-in link for the owner of the installation. It works once."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", action="store_true", help="print the address and nothing else")


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database

    with database.ready("link"):
        from quarterdeck.crew.onetime import issue_owner_link

        print(issue_owner_link())
    if not args.only:
        print(
            "It signs in the owner once, within 24 hours. Links printed before stop working.", file=sys.stderr
        )
    return 0
