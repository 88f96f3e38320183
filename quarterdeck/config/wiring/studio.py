"""What studio offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry


def fill() -> None:
    from quarterdeck.publishing import offers_media
    from quarterdeck.studio import agenda, deeds, exports, offers

    registries.deeds.register("studio", deeds.deeds)
    view, keep = "studio.file.view", "studio.file.keep"
    uses = registries.MediaUser(offers_media.uses, offers_media.used, offers_media.pictures)
    registries.media_uses.register("posts", uses)
    registries.agenda.register("library", agenda.agenda)
    registries.search.register("files", offers.search)
    registries.nav.register("library", NavEntry("Library", "studio-library", 0, view))
    for name, entry in {
        "library": Command(
            "Library", "studio-library", view, "g f", "files pictures photos images videos media"
        ),
        "library-bring": Command(
            "Add files to the library", "studio-library", keep, keywords="upload pictures photos videos"
        ),
        "library-grid": Command(
            "How the profile grid looks", "studio-grid", view, keywords="instagram preview feed"
        ),
    }.items():
        registries.palette.register(name, entry)
    registries.exports.register_all(exports.EXPORTS)
