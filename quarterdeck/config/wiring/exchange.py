"""What exchange offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command


def fill() -> None:
    from quarterdeck.exchange import reads

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
    _exports()


def _exports() -> None:
    """What the full export holds; a room above adds its tables in its own function."""
    from quarterdeck.exchange import tables

    table, files = registries.ExportTable, registries.ExportFiles
    for name, entry in {
        "workspace": table("The workspace and its brands.", tables.about),
        "people": table("Who is in the workspace now.", tables.people),
        "channels": table("The accounts on networks, those disconnected too.", tables.channels),
        "posts": table("Every post: its first part, how it stands, its channels and labels.", tables.posts),
        "post_parts": table("Every part of every post in order, with its pictures by SHA-256.", tables.parts),
        "labels": table("The labels posts are sorted by.", tables.labels),
        "deliveries": table("What went where and when, with the outcome and the link.", tables.deliveries),
        "approvals": table("Which text was approved when, by which role.", tables.approvals),
        "approval_questions": table("Approvals asked for, and texts given back.", tables.questions),
        "holds": table("When publishing was stopped and why.", tables.holds),
        "network_posts": table("Posts that stand on the networks, ours and others’.", tables.network_posts),
        "numbers": table("What the networks counted for these, at each age.", tables.numbers),
        "pictures": table("The pictures; each lies in images/ under its SHA-256.", tables.images),
        "images": files("The pictures themselves, named by their SHA-256.", tables.image_files),
        "imported_rows": table(
            "The rows of spreadsheets brought in, and what became of each.", tables.imported_rows
        ),
        "ledger_entries": table(
            "Every entry of the ledger by number and hash; proofs are at its log.", tables.ledger
        ),
        "ledger": files(
            "The newest signed checkpoint of each log, its public keys, and where it is read.",
            tables.checkpoints,
        ),
    }.items():
        registries.exports.register(name, entry)
