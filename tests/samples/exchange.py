"""Samples of exchange."""

from __future__ import annotations

from quarterdeck.crew.models import Workspace
from quarterdeck.exchange import exporting, importing, reading
from quarterdeck.exchange import verbs as exchange_verbs
from quarterdeck.exchange.asking import Answers
from quarterdeck.exchange.models import Export, Import, Row
from tests.samples.crew import _owner


def _import(workspace: Workspace) -> Import:
    sheet = reading.read(b"Text,Date\nNettle soup,2030-03-12\n", "plan.csv")
    return exchange_verbs.receive(_owner(workspace), name="plan.csv", sha256="0" * 64, sheet=sheet)


def _imported(workspace: Workspace) -> Import:
    """One that ended, with a draft and a row to fix."""
    found, brand = _import(workspace), workspace.brands.first()
    Row.objects.create(of=found, number=3, cells=["", "2030-03-13"])
    zone, meanings = workspace.timezone, ["text", "date"]
    answers = Answers(header=1, meanings=meanings, order="", zone=zone, times="draft", brand=str(brand.pk))
    exchange_verbs.begin(found, by=_owner(workspace), answers=answers, signature="0" * 64)
    importing.run(found.pk)
    return found


SAMPLES = {
    "exchange-import": lambda w: {"pk": _import(w).pk},
    "exchange-import-drop": lambda w: {"pk": _import(w).pk},
    **{
        f"exchange-import-{page}": lambda w: {"pk": _imported(w).pk}
        for page in ("undo", "on", "drafts", "fixing")
    },
    **{
        f"exchange-import-row{act}": lambda w: {"pk": _imported(w).pk, "number": 3}
        for act in ("", "-leave", "-return")
    },
}


def _export(workspace: Workspace) -> Export:
    """One that its owner can fetch."""
    export = exchange_verbs.ask_export(_owner(workspace))
    exporting.make(export.pk)
    return export


SAMPLES |= {"exchange-export-file": lambda w: {"pk": _export(w).pk}}
