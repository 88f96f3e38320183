"""The documents against the code: commands, settings, make targets and event kinds exist, and are documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quarterdeck.core import env
from tests import write_docs

ROOT = Path(__file__).resolve().parent.parent
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = {p: p.read_text() for p in DOCS}
ALL = "\n".join(TEXT.values())


def _commands() -> set[str]:
    from quarterdeck.config import cli

    return set(cli.COMMANDS)


def test_every_command_in_the_documents_exists():
    named = set(re.findall(r"`quarterdeck ([a-z-]+)", ALL)) | set(
        re.findall(r"^\s*(?:\.venv/bin/)?quarterdeck ([a-z-]+)", ALL, re.M)
    )
    assert named <= _commands()


def test_every_command_is_documented():
    operations = TEXT[ROOT / "docs" / "operations.md"]
    missing = {c for c in _commands() if f"`quarterdeck {c}" not in operations}
    assert not missing


def test_every_setting_in_the_documents_exists_and_every_setting_is_documented():
    known = {v.name for v in env.VARIABLES}
    named = set(re.findall(r"`?((?:QUARTERDECK_[A-Z_]+)|DATABASE_URL)\b", ALL))
    assert named <= known
    missing = {name for name in known if f"`{name}`" not in TEXT[ROOT / "docs" / "operations.md"]}
    assert not missing


def test_every_make_target_in_the_documents_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"`make ([a-z-]+)", ALL))
    assert named <= targets


def test_the_page_of_event_kinds_is_what_the_rooms_declare():
    assert (ROOT / "docs" / "events.md").read_text() == write_docs.events(), "Run make docs."


def test_the_access_matrix_is_what_the_pages_ask():
    told = TEXT[ROOT / "docs" / "privacy.md"]
    assert told == write_docs.privacy(told), "Run make docs."


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", TEXT[path]):
        assert (path.parent / target).exists(), f"{path.name} points to {target}"
