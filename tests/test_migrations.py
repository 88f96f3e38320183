"""The steps that make the database: they say what the models say, and they stand for those of before the first
release, whose data is taken as it is when it had all of them and refused in words when it had some."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from quarterdeck.config.cli import migrate
from quarterdeck.config.cli.refusal import Refusal

pytestmark = pytest.mark.django_db


def forget(*steps: tuple[str, str]) -> None:
    recorder = MigrationRecorder(connection)
    for step in steps:
        recorder.record_unapplied(*step)


def standing_for() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Our steps that stand for earlier ones, with those."""
    loader = MigrationLoader(connection, replace_migrations=False)
    every = loader.disk_migrations.items()
    return {key: step.replaces for key, step in every if key[0] in migrate._rooms() and step.replaces}


def test_the_models_say_nothing_that_no_step_makes():
    call_command("makemigrations", "--check", "--dry-run", verbosity=3)


def test_data_of_the_last_version_before_is_at_this_one():
    steps = standing_for()
    forget(*steps)
    assert not steps.keys() & MigrationRecorder(connection).applied_migrations().keys()
    assert migrate.steps_missing() == 0
    assert migrate.prepare(static=False) == []
    assert steps.keys() <= MigrationRecorder(connection).applied_migrations().keys(), "written down for later"


@pytest.mark.parametrize("room", ["core", "crew", "desk"])
def test_data_that_lacks_some_of_the_former_steps_is_refused(room):
    """Of `crew` Django would miss a name; what it did for the other two it would take for done."""
    steps = standing_for()
    last = sorted(former for key, of in steps.items() if key[0] == room for former in of)[-1]
    forget(last, *steps)
    before = MigrationRecorder(connection).applied_migrations().keys()
    with pytest.raises(Refusal, match=f"the last one is {last[0]}.{last[1]}"):
        migrate.prepare(static=False)
    assert MigrationRecorder(connection).applied_migrations().keys() == before


def test_a_first_start_that_was_ended_between_two_steps_goes_on():
    """Of what remained nothing was begun: that is no data of an early version."""
    steps = standing_for()
    every = MigrationLoader(connection, replace_migrations=False).disk_migrations
    remaining = [key for key in every if key[0] == "desk"]
    forget(*steps, *remaining, *(former for key in remaining for former in every[key].replaces))
    assert migrate.steps_missing() == len(remaining)


def test_a_step_of_a_newer_version_is_refused():
    MigrationRecorder(connection).record_applied("core", "9999_from_the_future")
    with pytest.raises(Refusal, match=r"newer Quarterdeck .* core\.9999_from_the_future"):
        migrate.steps_missing()
