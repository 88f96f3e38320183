"""Walks every writer: a public function that changes rows is a @verb or an @intake; every verb leaves a trace."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import quarterdeck
from quarterdeck.core.verbs import INTAKES, VERBS, NothingRecorded, verb

WRITER_MODULES = {"verbs": "is_verb", "intake": "is_intake"}


def _writer_modules() -> list[tuple[str, str]]:
    found = []
    for module in pkgutil.walk_packages(quarterdeck.__path__, "quarterdeck."):
        parts = module.name.split(".")
        if "tests" in parts or "migrations" in parts or len(parts) < 3:
            continue
        for name, mark in WRITER_MODULES.items():
            if name in parts[2:]:
                found.append((module.name, mark))
    return [entry for entry in found if entry[0] != "quarterdeck.core.verbs"]


def _public_functions(name: str):
    module = importlib.import_module(name)
    for label, thing in vars(module).items():
        if not label.startswith("_") and inspect.isfunction(thing) and thing.__module__ == name:
            yield label, thing


@pytest.mark.parametrize(("module", "mark"), _writer_modules())
def test_every_public_function_among_the_writers_is_marked(module, mark):
    unmarked = [label for label, thing in _public_functions(module) if not getattr(thing, mark, False)]
    assert not unmarked, f"{module}: {unmarked} are neither verbs nor private"


def test_writers_live_only_where_a_reader_looks_for_them():
    for name in (*VERBS, *INTAKES):
        if name.startswith("quarterdeck."):
            parts = name.split(".")
            assert set(parts[2:]) & WRITER_MODULES.keys() or parts[1] == "core", name


def test_every_verb_says_in_its_docstring_what_it_does():
    for name, function in VERBS.items():
        if name.startswith("quarterdeck."):
            assert inspect.getdoc(function), f"{name} has no docstring"


@pytest.mark.django_db
def test_a_verb_that_leaves_no_trace_is_rolled_back():
    from quarterdeck.crew.models import User

    @verb
    def silent():
        User.objects.create_user(name="Nobody", email="nobody@example.org")

    with pytest.raises(NothingRecorded):
        silent()
    assert not User.objects.filter(email="nobody@example.org").exists()
    VERBS.pop(next(n for n in VERBS if n.endswith("silent")))
