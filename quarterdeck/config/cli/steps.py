"""The steps of migration, each of them whole: what it makes and the record that it was made are one commit.

Django commits the tables of a step before it writes down the step, and each of the names that it stands for by itself.
A start that was killed in between would leave tables that no later start can explain: they are there already, or look
like data of an early version. Here a step was made and is written down, or was never begun.
"""

from __future__ import annotations

from contextlib import nullcontext

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class Executor(MigrationExecutor):
    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """A step that says of itself that it is not atomic (an index made beside writing) is left as it is."""
        alias = self.connection.alias
        with transaction.atomic(using=alias) if migration.atomic else nullcontext():
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)

    def missing(self) -> list[tuple[Migration, bool]]:
        """What the database is behind, as Django's plan."""
        return self.migration_plan(self.loader.graph.leaf_nodes())

    def bring(self) -> None:
        """Take every missing step, and let those know who asked to (content types are made then)."""
        self.loader.check_consistent_history(self.connection)
        plan = self.missing()
        told = {"verbosity": 0, "interactive": False, "db": self.connection.alias, "plan": plan}
        emit_pre_migrate_signal(**told)
        self.migrate(self.loader.graph.leaf_nodes(), plan)
        emit_post_migrate_signal(**told)
