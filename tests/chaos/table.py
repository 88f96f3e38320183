"""The page that says what the violence showed: docs/exactly-once.md, written by the command that measured it."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.chaos.harness import Result, Verdict
from tests.chaos.points import POINTS
from tests.running import ROOT, commit

PAGE = ROOT / "docs" / "exactly-once.md"
INTRO = """# Exactly once

Every delivery goes out once, or visibly not: sent, missed, refused, or a person is asked. This page is written by
`make chaos`, which kills the workers that publish with `kill -9` at every boundary below, two workers at a time, while
networks drop, delay and repeat answers, fail after they have accepted, and the database restarts. Afterwards what the
networks hold is compared with what every delivery says of itself, and the ledger is verified.
"""


def render(result: Result) -> str:
    total = sum(result.kills.values())
    lines = [INTRO, f"Measured at commit {commit()} on {datetime.now(UTC):%Y-%m-%d}: {total:,} kills,"]
    lines.append(f"{result.restarts} restarts of the database, {result.seconds / 60:.0f} minutes.")
    lines.append(f"The ledger afterwards: {result.ledger}.\n")
    lines += ["## What the networks hold\n", _head()]
    lines += [_row(verdict) for verdict in result.verdicts]
    lines.append(_sum(result.verdicts))
    lines += ["", _words(), "## Where the workers died\n", "| boundary | kills |", "|---|---|"]
    lines += [f"| {words} | {result.kills[point]} |" for point, words in POINTS.items()]
    lines += [f"| at any moment | {result.kills['any moment']} |", ""]
    lines += ["## Holds\n", *_race(), ""]
    for verdict in result.verdicts:
        for what in ("duplicates", "lost", "early", "late", "untrue"):
            lines += [f"- {verdict.network}, {what}: {name}" for name in getattr(verdict, what)]
    return "\n".join(lines).rstrip() + "\n"


def _head() -> str:
    return (
        "| network | how sure | deliveries | out | missed, shown | refused, shown | asked of a person |"
        " waiting behind one that is |"
        " duplicates | lost | early | after the latest time | said not out, and out |\n" + "|---" * 13 + "|"
    )


def _row(v: Verdict) -> str:
    return (
        f"| {v.network} | {v.word} | {v.deliveries:,} | {v.out:,} | {v.missed} | {v.refused} | {v.asked} |"
        f" {v.waiting} |"
        f" {len(v.duplicates)} | {len(v.lost)} | {len(v.early)} | {len(v.late)} | {len(v.untrue)} |"
    )


def _sum(verdicts: list[Verdict]) -> str:
    def total(name: str) -> int:
        return sum(len(getattr(v, name)) if name in _LISTS else getattr(v, name) for v in verdicts)

    names = ("deliveries", "out", "missed", "refused", "asked", "waiting", *_LISTS)
    return "| **all** | | " + " | ".join(f"**{total(name):,}**" for name in names) + " |"


_LISTS = ("duplicates", "lost", "early", "late", "untrue")


def _words() -> str:
    return (
        "*proved*: the network itself makes one post of two calls with one key, or says by its key whether it holds"
        " the post. *read back*: it remembers no key, so a lost answer is settled by reading the account’s own posts;"
        " what cannot be settled so is asked of a person, with what was seen. *by hand*: a person posted it and said"
        " so. Lost means neither on the network nor shown as missed, refused or asked.\n"
    )


def _race() -> list[str]:
    """What the race of holds wrote last: it is measured by `make prove`."""
    lines = PAGE.read_text().splitlines() if PAGE.exists() else []
    return [line for line in lines if line.startswith("Hold race:")] or ["Not measured yet."]
