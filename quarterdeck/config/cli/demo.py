"""`quarterdeck demo`: a workspace full of invented people and posts, marked as a demo wherever it appears."""

from __future__ import annotations

import argparse
import os
from importlib.util import find_spec

from quarterdeck.config.cli.refusal import Refusal

BUILDER = "quarterdeck.desk.demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--owner", default="", help="the id of the person it is for; else the installation's owner")
    parser.add_argument("--year", action="store_true", help="a year of posts instead of five weeks")


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database

    if find_spec(BUILDER) is None:
        raise Refusal("This version brings no demo workspace. Nothing was changed.")
    os.environ["QUARTERDECK_CLOCK"] = "demo"  # this process tells of weeks that did not happen
    with database.ready("demo"):
        from importlib import import_module

        print(import_module(BUILDER).build(args.owner, args.year))
    return 0
