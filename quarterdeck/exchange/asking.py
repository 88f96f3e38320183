"""What a person says about a spreadsheet before it is imported, and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from quarterdeck.channels import reads as channels
from quarterdeck.crew.models import Workspace
from quarterdeck.exchange import columns, days
from quarterdeck.exchange.models import Import, Mapping
from quarterdeck.exchange.reading import Line

Times = Literal["draft", "plan"]
SHOWN = 8  # rows of the preview


@dataclass(frozen=True, slots=True)
class Answers:
    """`header` is the number of the row with the headings, 0 for none; `meanings` what each column means, "" for
    nothing; `channels` (ids) and `brand` (id) are for rows that name none."""

    header: int
    meanings: list[str]
    order: days.Order
    zone: str
    times: Times
    brand: str
    channels: list[str] = field(default_factory=list)
    language: str = ""
    shape: str = ""

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Answers:
        return cls(**kept)

    def kept(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Question:
    """The mapping step: the columns with samples and what they are taken for, and what the days need."""

    header: int
    heads: list[str]
    meanings: list[str]
    samples: list[list[str]]
    preview: list[Line]
    rows: int
    shape: str
    remembered: dict[str, Any]
    signature: str
    candidates: list[tuple[int, str]]


def first_guess(workspace: Workspace, lines: Sequence[Line]) -> columns.Guess:
    """What a new sheet seems to be, seen with the names of this workspace's channels."""
    return columns.guess(lines, names_of_channels(workspace))


def names_of_channels(workspace: Workspace) -> set[str]:
    known = channels.connected(workspace)
    return {columns.plain(name) for one in known for name in (one.name, one.handle, one.title, one.network)}


def question(found: Import, header: int | None = None) -> Question:
    """What to ask about it, with the headings in row `header` (0: none; None: as first guessed)."""
    lines = lines_of(found)
    header = int(found.guess["header"]) if header is None else header
    at = next((i for i, line in enumerate(lines) if line.number == header), None)
    signature = columns.signature(lines, at)
    kept = Mapping.objects.filter(workspace=found.workspace_id, signature=signature).first()
    remembered = dict(kept.answers) if kept is not None else {}
    meant, shape = columns.meanings(lines, at, names_of_channels(found.workspace))
    if len(remembered.get("meanings", ())) == len(meant):
        meant = list(remembered["meanings"])
    body = lines[at + 1 :] if at is not None else lines
    return Question(
        header=header if at is not None else 0,
        heads=columns.headings(lines, at),
        meanings=meant,
        samples=[_samples(body, i) for i in range(len(meant))],
        preview=body[:SHOWN],
        rows=len(body),
        shape=shape,
        remembered=remembered,
        signature=signature,
        candidates=[
            (line.number, " · ".join(c for c in line.cells if c.strip())[:60]) for line in lines[:15]
        ],
    )


def lines_of(found: Import) -> list[Line]:
    """Every row as it was read."""
    rows = found.rows.order_by("number").values_list("number", "cells", "unread")
    return [Line(number, cells, unread) for number, cells, unread in rows]


def proved_order(found: Import, meanings: Sequence[str], header: int) -> tuple[days.Order, bool, str]:
    """What the days of the file prove about day and month, as `days.says`."""
    at = [i for i, meaning in enumerate(meanings) if meaning == "date"]
    rows = found.rows.filter(number__gt=header).values_list("cells", flat=True)
    return days.says(cells[i] for cells in rows for i in at)


def _samples(body: Sequence[Line], column: int) -> list[str]:
    """The first three different things that stand in a column."""
    seen: dict[str, None] = {}
    for line in body[:300]:
        cell = " ".join(line.cells[column].split())
        if cell:
            seen.setdefault(cell[:80] + ("…" if len(cell) > 80 else ""))
        if len(seen) == 3:
            break
    return list(seen)
