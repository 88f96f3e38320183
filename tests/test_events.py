"""Every kind of event: declared by the room whose name it bears, with each field plain or personal, and recorded."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from quarterdeck.ledger.kinds import KINDS, Field

PACKAGE = Path(__file__).resolve().parent.parent / "quarterdeck"
# Field names that can only hold what a person wrote or is: they may not be declared plain.
ALWAYS_PERSONAL = {"name", "email", "text", "reason", "note", "label", "handle", "title", "why", "answer"}


def _declared() -> dict[str, list[str]]:
    """The kinds of each room that has an events.py; what tests declare is left out."""
    rooms: dict[str, list[str]] = {p.parent.name: [] for p in PACKAGE.glob("*/events.py")}
    for kind in KINDS:
        if (room := kind.split(".")[0]) in rooms:
            rooms[room].append(kind)
    return rooms


def _said(room: str) -> tuple[set[str], set[str]]:
    """Strings in a room's code outside events.py, and the beginnings of its f-strings."""
    whole, beginnings = set(), set()
    for path in (PACKAGE / room).rglob("*.py"):
        if path.name == "events.py" or "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return whole, {b for b in beginnings if b.startswith(f"{room}.")}


@pytest.mark.parametrize(("room", "kinds"), _declared().items())
def test_every_declared_kind_is_recorded_somewhere_in_its_room(room, kinds):
    whole, beginnings = _said(room)
    never = {k for k in kinds if k not in whole and not k.startswith(tuple(beginnings or {"\0"}))}
    assert not never, f"declared and never recorded: {sorted(never)}"


@pytest.mark.parametrize("kind", sorted(k for kinds in _declared().values() for k in kinds))
def test_what_a_person_wrote_is_declared_personal(kind):
    fields = KINDS[kind].fields
    assert all(isinstance(f, Field) for f in fields.values())
    plain = {name for name, f in fields.items() if not f.is_personal}
    assert not plain & ALWAYS_PERSONAL
