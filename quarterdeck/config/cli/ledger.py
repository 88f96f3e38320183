"""`quarterdeck ledger …`: the ledger room brings its own arguments and its own answer."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from quarterdeck.ledger import cli_arguments

    cli_arguments.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database

    if args.act == "verify-pack":  # a reader’s act: it needs nothing of this installation
        from quarterdeck.engines import verify

        return verify.run(args)
    with database.ready("ledger"):
        from quarterdeck.ledger import cli

        return cli.run(args)
