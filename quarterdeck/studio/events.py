"""The events that the studio records. Whatever a person wrote is personal. Of people who are seen in a file only what
they agreed to is told, and until when: their names never enter the ledger.
"""

from quarterdeck import ledger

_WRITTEN = {name: ledger.personal() for name in ("name", "description", "tags", "source")}
_AGREED = {"given_on": ledger.plain(), "until": ledger.plain(), "withdrawn": ledger.plain()}

ledger.declare(
    ledger.Event("studio.file.described", {**_WRITTEN, "folder": ledger.plain()}, title="File described"),
    ledger.Event(
        "studio.file.sorted",
        {"tags": ledger.personal(), "folder": ledger.plain()},
        title="File tagged or put in a folder",
    ),
    ledger.Event(
        "studio.file.licensed",
        {
            "holder": ledger.personal(),
            "licence": ledger.personal(),
            "rights_until": ledger.plain(),
            "not_on": ledger.plain(),
            "not_on_why": ledger.personal(),
        },
        title="Rights to a file noted",
    ),
    ledger.Event("studio.file.put_aside", {}, title="File put aside"),
    ledger.Event("studio.file.restored", {}, title="File put back"),
    ledger.Event("studio.file.removed", {}, title="File deleted for good"),
    ledger.Event("studio.card.removed", {}, title="What was noted of a file deleted with it"),
    ledger.Event("studio.folder.made", {"name": ledger.personal()}, title="Folder made"),
    ledger.Event("studio.folder.renamed", {"name": ledger.personal()}, title="Folder renamed"),
    ledger.Event("studio.folder.removed", {}, title="Folder removed"),
    ledger.Event("studio.person.noted", _AGREED, title="A person seen in a file was noted"),
    ledger.Event(
        "studio.person.changed", _AGREED, title="What a person seen in a file agreed to was changed"
    ),
    ledger.Event("studio.person.forgotten", {}, title="A person seen in a file was forgotten"),
    ledger.Event(
        "studio.cut.made",
        {"place": ledger.plain(), "box": ledger.plain(), "sha256": ledger.personal()},
        title="File cut for a network",
    ),
    ledger.Event("studio.cut.removed", {"place": ledger.plain()}, title="Cut of a file taken back"),
)
