"""python -m tests.chaos [--kills N] [--seed N] [--only NAME] [--fakes] [--write] [--json]: the violence, and its
table. Ends with 1 when anything was doubled, lost, early, late or untrue."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from tests.chaos import networks, table
from tests.chaos.harness import Harness, Result


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--kills", type=int, default=1000)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--restart-every", type=int, default=100, help="kills between two of the database")
    given.add_argument("--only", default="", help="a part of the network's name")
    given.add_argument("--fakes", action="store_true", help="leave out the real server")
    given.add_argument("--write", action="store_true", help=f"write {table.PAGE.name}")
    given.add_argument("--json", action="store_true", help="say the result in one line of JSON")
    asked = given.parse_args()
    kinds = [*networks.FAKES, *([] if asked.fakes else networks.real())]
    chosen = [kind() for kind in kinds if asked.only.lower() in kind.name.lower()]
    with Harness(chosen, kills=asked.kills, seed=asked.seed) as harness:
        result = harness.run(restart_every=asked.restart_every)
    if asked.write:
        table.PAGE.write_text(table.render(result))
    sys.stdout.write(_line(result) if asked.json else table.render(result))
    return 0 if all(v.clean for v in result.verdicts) and result.ledger == "verified" else 1


def _line(result: Result) -> str:
    verdicts = [dataclasses.asdict(verdict) for verdict in result.verdicts]
    return json.dumps({"kills": result.kills, "ledger": result.ledger, "networks": verdicts}) + "\n"


if __name__ == "__main__":
    sys.exit(main())
