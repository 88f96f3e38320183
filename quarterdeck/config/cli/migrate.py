"""`quarterdeck migrate`: the database and the static files, brought to this version. `up` runs it at each start."""

from __future__ import annotations

import argparse
import hashlib
import os
from typing import TYPE_CHECKING

import quarterdeck
from quarterdeck.config.cli.refusal import Refusal

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader

    from quarterdeck.config.cli.steps import Executor

ROOMS = "quarterdeck."
UNUSED = [
    "django_htmx/ext/*",
    "django_htmx/*-4*",
]  # extensions and a major we do not serve; one names a missing file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-static", action="store_true", help="leave the static files as they are")


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database, logs

    logs.configure()
    with database.reached("migrate"):
        database.set_up()
        done = prepare(static=not args.no_static)
    print("\n".join(done) or "Everything is at this version already.")
    return 0


def prepare(static: bool = True) -> list[str]:
    """Refuse data of a newer version or of another key file, then migrate; returns sentences of what was done."""
    from quarterdeck.core import store

    done = []
    executor = _executor()
    steps = _missing(executor)
    executor.check_replacements()  # what stands for steps of old is written down as done where those were
    if steps:
        executor.bring()
        done.append(f"The database was brought to this version ({steps} steps).")
    store.hold_to_key()
    if static and collect():
        done.append("The static files were collected.")
    return done


def steps_missing() -> int:
    """How many steps the database is behind. Refusal when it is ahead or begun by steps that are no longer carried
    along, KeyProblem when the key file is another's."""
    return _missing(_executor())


def _executor() -> Executor:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from quarterdeck.config.cli.steps import Executor

    as_recorded = MigrationLoader(connection, replace_migrations=False)
    _refuse_newer(as_recorded)
    _refuse_early(as_recorded)
    return Executor(connection)


def _missing(executor: Executor) -> int:
    from quarterdeck.core import store

    if ("core", "0001_tables") in executor.loader.applied_migrations:
        store.hold_to_key()
    return len(executor.missing())


def _rooms() -> set[str]:
    from django.apps import apps

    return {app.label for app in apps.get_app_configs() if app.name.startswith(ROOMS)}


def _refuse_newer(loader: MigrationLoader) -> None:
    """A step that was applied and that we do not know was made by a newer Quarterdeck."""
    rooms = _rooms()
    known = set(loader.disk_migrations).union(*(step.replaces for step in loader.disk_migrations.values()))
    unknown = [key for key in loader.applied_migrations if key[0] in rooms and key not in known]
    if unknown:
        step = ".".join(sorted(unknown)[-1])
        raise Refusal(
            f"The database was written by a newer Quarterdeck (this is {quarterdeck.__version__}, which does not "
            f"know the step {step}). Install that version again. Nothing was changed."
        )


def _refuse_early(loader: MigrationLoader) -> None:
    """Steps of before the first release were made one; it stands for all of them, never for some. Django would stop at
    a name it does not find, or pass over a room that no other one points to."""
    rooms = _rooms()
    for (room, _), step in sorted(loader.disk_migrations.items()):
        if room not in rooms:
            continue
        lacking = [key for key in step.replaces if key not in loader.applied_migrations]
        if 0 < len(lacking) < len(step.replaces):
            name = lacking[-1][1]
            raise Refusal(
                "This data was written by an early version of Quarterdeck, of before the first release, and lacks "
                f"steps that are no longer carried along (the last one is {room}.{name}). Nothing was changed. Take "
                f"the last commit that still has quarterdeck/{room}/migrations/{name}.py, start it once with this "
                "data, then start this version again. If nothing in it is needed, start with an empty data directory."
            )


def collect() -> bool:
    """Collect the static files if any of them changed since the last time. True when it was done."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    mark = hashlib.sha256(quarterdeck.__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen = os.stat(storage.path(path))
            mark.update(f"{path}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    if stamp.exists() and stamp.read_text() == mark.hexdigest():
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True, ignore_patterns=UNUSED)
    stamp.write_text(mark.hexdigest())
    return True
