"""`quarterdeck restore FILE`: a backup put back, here or on another machine."""

from __future__ import annotations

import argparse
from pathlib import Path

from quarterdeck.config.cli.refusal import Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup, quarterdeck-….tar")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="its keys (default: …-keys.tar beside it)")
    parser.add_argument("--replace", action="store_true", help="set aside the data that is here")


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database, migrate
    from quarterdeck.core import env

    if not env.get("DATABASE_URL"):
        _refuse_running()
    with database.reached("restore"):
        from quarterdeck.core.backup import restoring as backup_restore

        done = backup_restore.restore(args.file.absolute(), keys=args.keys, replace=args.replace)
        print(f"The backup of {done.manifest.made_at[:16].replace('T', ' ')} UTC is back.")
        if done.former_database:
            print(f"The database that was here is kept as “{done.former_database}”.")
        if done.files or done.files_kept:
            print(
                f"{done.files} files were put back; {done.files_kept} were here already and stay as they are."
            )
        if done.keys == "missing":
            print(f"Its keys are missing. Put them into {env.keys_dir()} before you start Quarterdeck.")
            return 0
        database.set_up()
        migrate.prepare(static=False)
        _erase_again()
    print("Everything fits together. Start with: quarterdeck up")
    return 0


def _erase_again() -> None:
    """An older backup brings back what was erased since: the list outside the database says of whom."""
    from quarterdeck.ledger import erasures, restored

    try:
        again = restored.erase_again()
    except erasures.Unreadable as torn:
        raise Refusal(f"The backup is back, but {torn.title} {torn.not_done} {torn.next_step}") from None
    if again:
        people = "one person" if again == 1 else f"{again} people"
        print(f"What had been erased of {people} since this backup was made was erased again.")


def _refuse_running() -> None:
    from quarterdeck.core import datadir, env

    if closed := datadir.ensure(env.data_dir()):
        print(closed)
    lock = datadir.Lock(env.data_dir())
    try:
        lock.take("restore")
    except datadir.InUse as held:
        raise Refusal(f"{held} Nothing was changed.") from None
    lock.release()
