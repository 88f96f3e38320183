"""`make docs`: writes the pages that are made from the code: `docs/events.md`. A test compares."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def events() -> str:
    """The page of event kinds, from what the rooms declare. Kinds that tests declared are left out."""
    from quarterdeck.ledger.kinds import KINDS

    rooms = {p.parent.name for p in (ROOT / "quarterdeck").glob("*/events.py")}
    lines = [
        "# Event kinds",
        "",
        "What the ledger records, as each room declares it in its `events.py`. Written by `make docs`.",
        "A personal field is sealed under a key of its own and can be erased; the proofs still hold.",
        "Every act of a person has one more, `by`, and every event about a person `whom`: a leaf names neither.",
        "",
        "| kind | in words | plain fields | personal fields |",
        "|---|---|---|---|",
    ]
    for name, event in sorted(KINDS.items()):
        if name.split(".")[0] in rooms:
            plain = ", ".join(f for f, kind in event.fields.items() if not kind.is_personal)
            personal = ", ".join(f for f, kind in event.fields.items() if kind.is_personal)
            lines.append(f"| {name} | {event.title} | {plain} | {personal} |")
    return "\n".join(lines) + "\n"


BEGIN, END = "<!-- matrix -->", "<!-- /matrix -->"


def privacy(text: str) -> str:
    """The page on privacy with the access matrix as `crew/permissions.py` has it now."""
    from quarterdeck.crew.permissions import Role
    from quarterdeck.crew.reads import who_may

    lines = [f"| | {' | '.join(role.label for role in Role)} |", f"|---|{'---|' * len(Role)}"]
    for room, rows in who_may():
        lines.append(f"| **{room}** |{' |' * len(Role)}")
        lines += [
            f"| {words} | {' | '.join('yes' if may else '' for may in marks)} |" for words, marks in rows
        ]
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{rest.split(END)[1]}"


def main() -> None:
    os.environ["QUARTERDECK_CLOCK"] = "test"
    os.environ["QUARTERDECK_DATA"] = tempfile.mkdtemp(prefix="qd-docs-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "quarterdeck.config.settings"
    import django

    django.setup()
    (ROOT / "docs" / "events.md").write_text(events())
    page = ROOT / "docs" / "privacy.md"
    page.write_text(privacy(page.read_text()))


if __name__ == "__main__":
    main()
