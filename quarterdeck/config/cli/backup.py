"""`quarterdeck backup`: the database and the files in one file, the keys in another."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
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
        from quarterdeck.core import backup, clock

        began = clock.now()
        path = backup.make(args.into, with_keys=args.with_keys)
        if args.into is None:
            backup.forget_old()
            _note(path, began)
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


def _note(path: Path, began: datetime) -> None:
    """Write it down for the Desk, unless this database is of another version: a backup comes before a migration."""
    from quarterdeck.config.cli import database, migrate, refusal

    database.set_up()
    try:
        if migrate.steps_missing() == 0:
            from quarterdeck.core.backup import schedule as backup_nightly

            backup_nightly.note(path, began)
    except Exception as error:
        if refusal.words(error) is None:
            raise
