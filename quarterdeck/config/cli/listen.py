"""`quarterdeck listen`: what comes in from outside by itself (mail, streams)."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database, logs

    logs.configure()
    with database.reached("listen", alone=False):
        from quarterdeck.config import worker

        return worker.listen()
