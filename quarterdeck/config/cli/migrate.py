"""`quarterdeck migrate`: the database and the static files, brought to this version. `up` runs it at each start."""

from __future__ import annotations

import argparse
import hashlib
import os

import quarterdeck
from quarterdeck.config.cli.refusal import Refusal

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
    from django.core.management import call_command

    from quarterdeck.core import store

    done = []
    steps = steps_missing()
    if steps:
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        done.append(f"The database was brought to this version ({steps} steps).")
    store.hold_to_key()
    if static and collect():
        done.append("The static files were collected.")
    return done


def steps_missing() -> int:
    """How many steps the database is behind. Refusal when it is ahead, KeyProblem when the key file is another's."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from quarterdeck.core import store

    executor = MigrationExecutor(connection)
    _refuse_newer(executor)
    if ("core", "0001_initial") in executor.loader.applied_migrations:
        store.hold_to_key()
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_newer(executor) -> None:  # type: ignore[no-untyped-def]
    """A step that was applied and that we do not know was made by a newer Quarterdeck."""
    from django.apps import apps

    ours = {app.label for app in apps.get_app_configs() if app.name.startswith(ROOMS)}
    loader = executor.loader
    known = set(loader.disk_migrations)
    for migration in list(loader.disk_migrations.values()):
        known |= set(migration.replaces)
    unknown = [key for key in loader.applied_migrations if key[0] in ours and key not in known]
    if unknown:
        step = ".".join(sorted(unknown)[-1])
        raise Refusal(
            f"The database was written by a newer Quarterdeck (this is {quarterdeck.__version__}, which does not "
            f"know the step {step}). Install that version again. Nothing was changed."
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
