"""`quarterdeck worker`: queues, clockwork, backups. Any number of them may run against one database."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database, logs

    logs.configure()
    with database.reached("worker", alone=False):
        from quarterdeck.config import worker

        return worker.work()
