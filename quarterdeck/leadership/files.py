"""A year as one file that leaves with the person: one HTML page that needs nothing else, Markdown, or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.html import escape

from quarterdeck.core import clock
from quarterdeck.crew.models import User
from quarterdeck.leadership import names as naming
from quarterdeck.leadership import reads
from quarterdeck.leadership.lines import Line
from quarterdeck.leadership.reads import Month, Year

KINDS = {"html": "Page (HTML)", "md": "Text (Markdown)", "json": "Data (JSON)"}
_MIME = {"html": "text/html", "md": "text/markdown", "json": "application/json"}
_LOOKS = Path(__file__).with_name("file.css")
TOLD = (
    "Told by the person themself, from notes of their own. Sentences drafted from the record name its events in the "
    "data file; nothing here is a score, and nothing compares."
)


@dataclass(frozen=True, slots=True)
class Made:
    name: str
    mime: str
    data: bytes


def make(user: User, number: int, kind: str, *, names: bool = False) -> Made:
    """The year as a file. Without `names` the names of others are left out. KeyError for a kind that is none."""
    found = reads.year(user, number)
    if not names:
        found = _without(found, _words(user, found))
    write: Callable[[str, Year], str] = {"html": _html, "md": _markdown, "json": _json}[kind]
    said = write(str(user), found)
    return Made(f"my-{number}.{kind}", f"{_MIME[kind]}; charset=utf-8", said.encode())


def names_in(user: User, found: Year) -> list[str]:
    """The names of others that stand in the year's sentences and are left out of a file unless they are asked for."""
    words = _words(user, found)
    said = [found.opening] + [line.text for month in found.months for line in month.chosen]
    return sorted({name for text in said for name in naming.found_in(text, words)})


def _words(user: User, found: Year) -> list[str]:
    told = {name for month in found.months for line in month.chosen for name in line.others}
    own = set(naming.words_for([str(user)]))  # the file is signed with it, whoever else is called so
    return [word for word in naming.words_for(reads.colleagues_names(user) | told) if word not in own]


def _without(found: Year, words: list[str]) -> Year:
    def bare(line: Line) -> Line:
        return replace(line, text=naming.left_out(line.text, words), others=[])

    months = [Month(m.first, [bare(line) for line in m.chosen]) for m in found.months]
    page = [bare(line) for line in found.page]
    return Year(found.year, months, page, naming.left_out(found.opening, words))


def _html(name: str, found: Year) -> str:
    parts = [f"<h1>{escape(name)}, {found.year}</h1>"]
    parts += [f'<p class="opening">{escape(one)}</p>' for one in found.opening.split("\n") if one.strip()]
    parts += [_section(2, said, lines) for said, lines in found.groups]
    months = [one for one in found.months if one.chosen]
    if months:
        parts.append('<h2 class="months">Month by month</h2>')
        for month in months:
            parts.append(f"<h3>{month.first:%B}</h3>")
            parts += [_section(4, said, lines) for said, lines in month.groups]
    looks = _LOOKS.read_text()
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width='
        f'device-width, initial-scale=1"><title>{escape(name)}, {found.year}</title><style>{looks}</style>'
        f"</head>\n<body><main>\n{chr(10).join(parts)}\n<footer>{escape(TOLD)} Made on {_today()}.</footer>\n"
        "</main></body></html>\n"
    )


def _section(level: int, said: str, lines: list[Line]) -> str:
    each = "\n".join(f"<li>{escape(line.text)}</li>" for line in lines)
    return f"<h{level}>{escape(said)}</h{level}>\n<ul>\n{each}\n</ul>"


def _markdown(name: str, found: Year) -> str:
    parts = [f"# {_plain(name)}, {found.year}"] + ([_plain(found.opening)] if found.opening else [])
    for said, lines in found.groups:
        parts += [f"## {said}", "\n".join(f"- {_plain(line.text)}" for line in lines)]
    parts.append("# Month by month")
    for month in (one for one in found.months if one.chosen):
        parts.append(f"## {month.first:%B}")
        for said, lines in month.groups:
            parts += [f"### {said}", "\n".join(f"- {_plain(line.text)}" for line in lines)]
    return "\n\n".join([*parts, f"{TOLD} Made on {_today()}."]) + "\n"


def _plain(text: str) -> str:
    """What a reader of Markdown would take for marks stands as it was written."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in text)


def _json(name: str, found: Year) -> str:
    there = {line.id for line in found.page}
    said = {
        "about": TOLD,
        "name": name,
        "year": found.year,
        "made_on": _today(),
        "opening": found.opening,
        "sentences": [
            {
                "week": line.week.isoformat(),
                "month": f"{month.first:%Y-%m}",
                "kind": line.kind_said,
                "text": line.text,
                "on_the_page_of_the_year": line.id in there,
                "ledger_events": line.events,
            }
            for month in found.months
            for line in month.chosen
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _today() -> str:
    return clock.now().date().isoformat()
