"""The floors of the house, for what imports hide: string foreign keys, get_model, migrations, template includes.

`lint-imports` checks the imports themselves; this reads the same list from pyproject.toml.
"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "quarterdeck"


def _floors() -> dict[str, int]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["type"] == "layers")["layers"]
    return {
        room.strip(): height for height, layer in enumerate(reversed(layers)) for room in layer.split("|")
    }


FLOORS = _floors()
TEMPLATE_TAG = re.compile(r"""\{%\s*(?:extends|include)\s+["']([a-z_]+)/""")


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def _code() -> list[Path]:
    return [p for p in PACKAGE.rglob("*.py") if "tests" not in p.parts and _room(p) in FLOORS]


def _hidden_rooms(path: Path) -> set[str]:
    """Rooms a module names in strings: "crew.Member" in a field or migration, get_model("crew", ...)."""
    named = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            match = re.fullmatch(r"([a-z]+)\.[A-Z][A-Za-z]+|quarterdeck\.([a-z]+)(?:\..*)?", node.value)
            if match:
                named.add(match.group(1) or match.group(2))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get_model" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                named.add(first.value.split(".")[0])
        if "migrations" in path.parts and isinstance(node, ast.Tuple) and len(node.elts) == 2:
            first, second = node.elts  # a dependency is two strings; a field has a name that may be any word
            if isinstance(first, ast.Constant) and isinstance(second, ast.Constant):
                named.add(first.value)
    return named & FLOORS.keys()


def test_every_room_stands_on_a_floor():
    rooms = {p.parent.name for p in PACKAGE.glob("*/__init__.py")}
    assert rooms == FLOORS.keys()


@pytest.mark.parametrize("path", _code(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_strings_reach_no_higher_than_imports_may(path):
    own = _room(path)
    higher = {r for r in _hidden_rooms(path) if r != own and FLOORS[r] >= FLOORS[own]}
    if own == "config":
        higher = set()
    assert not higher, f"{own} names {higher}, which stand on the same floor or above"


def test_templates_include_only_from_below():
    """Except the frame: shell is what every page stands in, so a page of any room may extend its templates."""
    wrong = []
    for path in PACKAGE.rglob("templates/**/*.html"):
        own = _room(path)
        for room in TEMPLATE_TAG.findall(path.read_text()):
            if room in FLOORS and room not in {own, "shell"} and FLOORS[room] >= FLOORS[own]:
                wrong.append(f"{path.relative_to(PACKAGE)} takes from {room}")
    assert not wrong


def test_the_reader_of_hidden_names_sees_them(tmp_path):
    sample = tmp_path / "sample.py"
    sample.write_text('x = models.ForeignKey("publishing.Post")\napps.get_model("desk", "Snooze")\n')
    assert _hidden_rooms(sample) == {"publishing", "desk"}
