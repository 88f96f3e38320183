"""The `quarterdeck` command. One small module a sub-command; only the one asked for is imported.

An expected failure is one sentence of what happened and what to do, on standard error, with exit status 2.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from types import ModuleType

import quarterdeck

COMMANDS = {
    "up": "Start everything: database, web, worker, listener",
    "web": "Serve the pages (in an installation whose parts run apart)",
    "worker": "Work the queues and the clockwork",
    "listen": "Listen for mail and streams from outside",
    "migrate": "Bring the database and the static files to this version",
    "link": "Print a sign-in link for the owner that works once",
    "demo": "Make a demo workspace",
    "backup": "Make a backup now",
    "restore": "Put a backup back, here or on another machine",
    "ledger": "Verify the ledger, or print the proof of one entry",
    "check": "Check this installation and say what needs care",
}


def main(argv: list[str] | None = None) -> None:
    """Run a sub-command and exit with its status."""
    given = sys.argv[1:] if argv is None else argv
    data, given = _data_anywhere(given)
    parser = _parser(given)
    args = parser.parse_args(given)
    args.data = data
    if args.command is None:
        parser.print_help()
        sys.exit(0)
    from quarterdeck.core import lifeline

    lifeline.hold()
    from quarterdeck.config.cli import options, refusal

    try:
        options.to_environment(args)
        status = _module(args.command).run(args)
    except KeyboardInterrupt:
        status = 130
    except Exception as error:
        sentence = refusal.words(error)
        if sentence is None:
            raise
        print(f"quarterdeck {args.command}: {sentence}", file=sys.stderr)
        status = 2
    sys.exit(status)


def _data_anywhere(given: list[str]) -> tuple[str | None, list[str]]:
    """`--data DIR` may stand anywhere, also behind a sub-command of a sub-command."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--data")
    found, rest = first.parse_known_args(given)
    return found.data, rest


def _parser(given: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quarterdeck",
        description="The workspace of a social media team, and the honest record of its work.",
    )
    parser.add_argument("--version", action="version", version=f"quarterdeck {quarterdeck.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")
    asked = next((word for word in given if not word.startswith("-")), "")
    for name, meaning in COMMANDS.items():
        sub = commands.add_parser(name, help=meaning, description=meaning + ".")
        if name == asked:
            from quarterdeck.config.cli import options

            options.add_common(sub)
            _module(name).add_arguments(sub)
    return parser


def _module(name: str) -> ModuleType:
    return import_module(f"quarterdeck.config.cli.{name}")
