"""`quarterdeck web`: the pages. Under `up` it gets a socket that is bound already, so a restart loses no visitor."""

from __future__ import annotations

import argparse
import socket

from quarterdeck.config.cli import options


def add_arguments(parser: argparse.ArgumentParser) -> None:
    options.add_address(parser)
    parser.add_argument("--sockets", metavar="NUMBERS", default="", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    from quarterdeck.config.cli import database, logs
    from quarterdeck.core import env

    logs.configure()
    sockets = [socket.socket(fileno=int(number)) for number in args.sockets.split(",") if number]
    with database.reached("web", alone=False):
        database.set_up()
        from quarterdeck.config.web import serve

        serve(env.get("QUARTERDECK_HOST"), int(env.get("QUARTERDECK_PORT")), sockets=sockets or None)
    return 0
