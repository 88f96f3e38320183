"""`python -m bench [house | engines | name ...]`: run the benchmarks and print one table. Without names both groups
are run and written, `house` to `docs/numbers.md` and `engines` to `docs/engines.md`; a group alone writes its own
page, and a name alone its own section of it. A figure in those files was put there by this command.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.running import commit

ROOT = Path(__file__).resolve().parent.parent
GROUPS = {
    "house": [
        "merkle",
        "ledger",
        "ledger_million",
        "live",
        "desk",
        "planning",
        "start",
        "sending",
        "exchange",
        "composer",
    ],
    "engines": [
        "spikes",
        "bursts",
        "rates",
        "experiments",
        "maturity",
        "timing",
        "allocation",
        "fairness",
        "text",
    ],
}
PAGES = {
    "house": ("numbers.md", "Numbers of the house"),
    "engines": ("engines.md", "Numbers of the engines"),
}
COLUMNS = ("claim", "figure", "target", "peer", "ratio")
RUN = "import json, sys; from bench import {name}; json.dump({name}.main(), open(sys.argv[1], 'w'), default=str)"


def measure(name: str) -> list[dict]:
    """The rows of one benchmark, run in a fresh process; a failure is a row, not silence."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        done = subprocess.run([sys.executable, "-c", RUN.format(name=name), out.name], cwd=ROOT, check=False)
        if done.returncode:
            return [{"claim": name, "figure": f"failed with exit code {done.returncode}"}]
        return json.loads(Path(out.name).read_text())


def table(rows: list[dict]) -> str:
    lines = [" | ".join(("", *COLUMNS, "")).strip(), "|" + "---|" * len(COLUMNS)]
    for row in rows:
        cells = (str(row.get(c) if row.get(c) is not None else "").replace("|", "/") for c in COLUMNS)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write(path: Path, title: str, sections: dict[str, list[dict]]) -> None:
    day = time.strftime("%Y-%m-%d")
    parts = [
        f"# {title}",
        "",
        f"Written by `make bench` at commit {commit()} on {day}. CPU time unless it says wall.",
    ]
    for name, rows in sections.items():
        parts += ["", f"## {name}", "", table(rows)]
    path.write_text("\n".join(parts) + "\n")


def write_section(path: Path, order: list[str], name: str, rows: list[dict]) -> None:
    """Put one benchmark's rows in the place of its last ones on the page; it says when they were measured."""
    head, *sections = re.split(r"^## ", path.read_text(), flags=re.MULTILINE)
    found = {section.split("\n", 1)[0]: section for section in sections}
    when = f"Measured again at commit {commit()} on {time.strftime('%Y-%m-%d')}."
    found[name] = f"{name}\n\n{when}\n\n{table(rows)}\n"
    kept = [found[n].strip() for n in order if n in found]
    path.write_text("\n\n## ".join([head.strip(), *kept]) + "\n")


def main() -> None:
    given = sys.argv[1:] or list(GROUPS)
    there = {p.stem for p in Path(__file__).parent.glob("*.py")}
    results: dict[str, list[dict]] = {}
    for asked in given:
        for name in (n for n in GROUPS.get(asked, [asked]) if n in there):
            print(f"... {name}", file=sys.stderr, flush=True)
            results[name] = measure(name)
        if asked in GROUPS:
            page, title = PAGES[asked]
            write(ROOT / "docs" / page, title, {n: results[n] for n in GROUPS[asked] if n in results})
        failed = "failed" in str(results.get(asked, [{}])[0].get("figure"))
        for group in (g for g in GROUPS if asked in GROUPS[g] and asked in results and not failed):
            write_section(ROOT / "docs" / PAGES[group][0], GROUPS[group], asked, results[asked])
    print(table([row for rows in results.values() for row in rows]))


if __name__ == "__main__":
    main()
