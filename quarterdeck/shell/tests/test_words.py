"""The interface speaks calmly and sets its type properly: no exclamation marks, no typewriter quotes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import quarterdeck

TEMPLATES = sorted(Path(quarterdeck.__file__).parent.rglob("templates/**/*.html"))
SHOUTS = re.compile(r"[A-Za-z]!(\s|$|<)")
TYPEWRITTEN = re.compile(r"[A-Za-z]'[a-z]|(?<![=\w])\"[A-Za-z][^\"<>]*\"")


def _words(text: str) -> str:
    """What a person reads of a template: without comments, tags, code and template tags."""
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->|\{#.*?#\}", " ", text, flags=re.S)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
    text = re.sub(r"<(code|pre|script|style)\b.*?</\1>", " ", text, flags=re.S | re.I)
    return re.sub(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", " ", text, flags=re.S)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_the_words_are_calm(template):
    words = _words(template.read_text())
    assert not SHOUTS.search(words)
    assert not TYPEWRITTEN.search(words)


@pytest.mark.parametrize("text", ["<p>Done!</p>", "<p>It can't</p>", '<p>the "post"</p>'])
def test_the_search_finds_what_it_looks_for(text):
    assert SHOUTS.search(_words(text)) or TYPEWRITTEN.search(_words(text))
