"""`quarterdeck demo`: a workspace full of invented people and posts, marked as a demo wherever it appears."""

from __future__ import annotations

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--owner", default="", metavar="ID", help="whose it is (default: the installation's owner)"
    )
    parser.add_argument("--year", action="store_true", help="a year of work instead of some weeks")


def run(args: argparse.Namespace) -> int:
    os.environ["QUARTERDECK_CLOCK"] = "demo"  # this process tells of weeks that did not happen
    from quarterdeck.config.cli import database

    with database.ready("demo"):
        from quarterdeck.desk import demo

        print(demo.build(args.owner, args.year))
    return 0
