"""What exchange offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command


def fill() -> None:
    from quarterdeck.exchange import deeds, exports, kin, reads

    registries.deeds.register("exchange", deeds.deeds)
    bring = "exchange.import.make"
    registries.palette.register(
        "import",
        Command(
            "Import a spreadsheet",
            "exchange-import-list",
            bring,
            keywords="csv xlsx excel buffer hootsuite postiz upload drafts bulk",
        ),
    )
    registries.settings_pages.register(
        "exchange.import", registries.SettingsPage("Import", "exchange-import-list", "Workspace", bring)
    )
    registries.panels.register(
        "spreadsheet",
        registries.Panel(
            "publishing.post",
            "From a spreadsheet",
            "exchange/_from_a_spreadsheet.html",
            reads.from_a_spreadsheet,
        ),
    )
    take = "exchange.export.make"
    registries.palette.register(
        "export",
        Command(
            "Export everything",
            "exchange-export-list",
            take,
            keywords="download archive zip csv json backup leave",
        ),
    )
    registries.settings_pages.register(
        "exchange.export", registries.SettingsPage("Export", "exchange-export-list", "Workspace", take)
    )
    registries.exports.register_all(exports.EXPORTS)
    registries.kin.register("exchange", kin.of_post)
