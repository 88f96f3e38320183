"""What rooms show on the page of a thing, and what they offer to do with it: the registries as a page reads them."""

from __future__ import annotations

from typing import Any

from quarterdeck.core import registries
from quarterdeck.crew.models import Member


def panels(row: Any, who: Member) -> list[dict]:
    """The parts that rooms show on the page of `row` (it has a `ledger_name`), in their order."""
    found = []
    for _, panel in registries.panels:
        if panel.about == row.ledger_name and (context := panel.context(row, who)) is not None:
            part = {"title": panel.title, "template": panel.template, "beside": panel.beside}
            found.append(part | {"context": context})
    return found


def by_link(row: Any, link: Any) -> list[dict]:
    """The parts that rooms show on a page behind a signed link to `row`."""
    found = []
    for _, panel in registries.by_link:
        if panel.about == row.ledger_name and (context := panel.context(row, link)) is not None:
            found.append({"title": panel.title, "template": panel.template, "context": context})
    return found


def actions(row: Any, who: Member) -> list[dict]:
    """What rooms offer to do with `row`, as links."""
    offered = [(one, one.url(row, who)) for _, one in registries.actions if one.about == row.ledger_name]
    return [{"label": one.label, "url": url, "key": one.key} for one, url in offered if url]
