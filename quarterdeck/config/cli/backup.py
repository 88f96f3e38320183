"""`quarterdeck backup`: the database and the files in one file, the keys in another."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--into", metavar="DIR", type=Path, help="the folder (default: backups in the data directory)"
    )
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help="put the keys into the same file: whoever has it can then read every secret and sign the ledger",
    )


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database

    with database.reached("backup"):
        from quarterdeck.core import backup

        path = backup.make(args.into, with_keys=args.with_keys)
        if args.into is None:
            backup.forget_old()
    print(path)
    if args.with_keys:
        print("The keys are inside: keep this file where only you can read it.", file=sys.stderr)
    else:
        print(
            f"The keys are in {backup.keys_of(path).name} beside it. Keep the two in different places: together they "
            "are everything, and the first without the second cannot be signed in to on another machine.",
            file=sys.stderr,
        )
    return 0
