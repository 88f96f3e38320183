"""The arguments of `quarterdeck ledger …`, apart from what they do: help needs neither Django nor a database."""

from __future__ import annotations

import argparse

from quarterdeck.engines import verify as check_a_pack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sub-commands and their arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    one = acts.add_parser("verify", help="Verify one entry, one log, or all logs")
    one.add_argument("id", nargs="?", help="the id of an event, or of a workspace")
    one.add_argument("--all", action="store_true", help="every log of this installation")
    one = acts.add_parser("proof", help="Print the proof of one entry (C2SP tlog-proof)")
    one.add_argument("id", help="the id of an event")
    one = acts.add_parser("pack", help="Write a proof file of one entry, with the fields you name")
    one.add_argument("id", help="the id of an event")
    one.add_argument(
        "--fields",
        default="",
        help="names of plain fields to show, with commas between; what is about a person only they can show",
    )
    one.add_argument(
        "--life", action="store_true", help="every signed entry about the same thing, not only this one"
    )
    one = acts.add_parser("verify-pack", help="Check a proof file; needs no database (verify.py is the same)")
    check_a_pack.add_arguments(one)
    acts.add_parser("key", help="Print the verifier keys of all logs").add_argument("id", nargs="?")
    acts.add_parser("checkpoint", help="Print the newest checkpoints").add_argument("id", nargs="?")
    one = acts.add_parser("new-epoch", help="Close a log and open the next epoch")
    one.add_argument("id", nargs="?", help="the workspace; without it, every log whose signing has stopped")
    one.add_argument("--reason", default="", help="why, in a sentence; kept sealed in the entry")
    one.add_argument(
        "--key-compromised",
        action="store_true",
        help="the signing key is in other hands: revoke it in the first entry of the new epoch, which has a new key; "
        "without an id, for every log that has a key",
    )
    one = acts.add_parser(
        "adopt",
        help="Take the database's newest checkpoints as the record outside it (after moving machines)",
    )
    one.add_argument("id", nargs="?", help="the workspace; without it, every log that has no outside record")
    one = acts.add_parser("rotate-key", help="Give a log a new key; the old one signs beside it for 30 days")
    one.add_argument("id", nargs="?", help="the workspace; without it, every log that has a key")
    acts.add_parser("rebuild-tiles", help="Make a log's tiles anew from its entries").add_argument("id")
