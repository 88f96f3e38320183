"""What publishing offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import AsideBlock, Command, NavEntry


def fill() -> None:
    from quarterdeck.publishing import deeds, exports, kin, purposes

    registries.deeds.register("publishing", deeds.deeds)
    _holds()  # before what goes out next: the first fact of the strip
    _publishing()
    _by_hand()
    _approval()
    registries.exports.register_all(exports.EXPORTS)
    registries.kin.register("publishing", kin.of_post)
    registries.posts_naming.register("publishing", purposes.NAMING)


def _holds() -> None:
    from quarterdeck.publishing import agenda_holds, offers_holds

    place, see = "publishing.hold.place", "publishing.hold.view"
    registries.agenda.register("holds", agenda_holds.agenda)
    registries.strip.register("holds", offers_holds.strip)
    registries.aside.register(
        "holds", AsideBlock("On hold", "publishing/_hold_beside.html", offers_holds.beside_the_desk)
    )
    registries.palette.register(
        "hold",
        Command("Hold everything…", "publishing-hold-place", place, "!", "stop kill switch emergency red"),
    )
    registries.palette.register(
        "holds",
        Command(
            "What is on hold", "publishing-hold-list", see, keywords="holds lift outside boosts newsletters"
        ),
    )
    registries.actions.register(
        "hold-post", registries.ObjectAction("publishing.post", "Hold this post…", offers_holds.hold_post)
    )


def _publishing() -> None:
    from quarterdeck.publishing import agenda, offers

    view, draft = "publishing.post.view", "publishing.post.draft"
    registries.agenda.register("publishing", agenda.agenda)
    registries.search.register("posts", offers.search)
    registries.strip.register("next_out", offers.strip)
    registries.aside.register(
        "next_out", AsideBlock("Next out", "publishing/_next_out.html", offers.beside_the_desk)
    )
    registries.nav.register("posts", NavEntry("Posts", "publishing-post-list", 0, view))
    registries.palette.register(
        "posts", Command("Posts", "publishing-post-list", view, "g o", "drafts planned out")
    )
    registries.palette.register(
        "post-new", Command("New post", "publishing-post-new", draft, "n", "write draft compose")
    )


def _by_hand() -> None:
    from quarterdeck.publishing import agenda_by_hand, offers_by_hand, purposes
    from quarterdeck.publishing.views import by_hand, labels, purpose

    post, panel = "publishing.post", registries.Panel
    registries.agenda.register("by hand", agenda_by_hand.agenda)
    registries.strip.register("by_hand", offers_by_hand.strip)
    registries.panels.register(
        "answerable",
        panel(post, "Who answers for it", "publishing/_by_hand_answers.html", by_hand.answers_for_it),
    )
    registries.panels.register(
        "labels", panel(post, "Labels and latest time", "publishing/_label_panel.html", labels.on_a_post)
    )
    registries.panels.register(
        "purpose", panel(post, "What it is for", "publishing/_purpose_panel.html", purpose.on_a_post)
    )
    registries.actions.register(
        "write for", registries.ObjectAction("strategy.campaign", "Write a post for it", purposes.write_for)
    )
    registries.settings_pages.register(
        "publishing.labels",
        registries.SettingsPage("Labels", "publishing-label-list", "Workspace", "publishing.label.change"),
    )
    registries.settings_pages.register(
        "publishing.phrases",
        registries.SettingsPage(
            "Names, snippets, links", "publishing-phrase-list", "Workspace", "publishing.phrase.change"
        ),
    )
    registries.palette.register(
        "phrases",
        Command(
            "Names, snippets, links",
            "publishing-phrase-list",
            "publishing.phrase.change",
            keywords="handles hashtags utm book insert",
        ),
    )
    for name, entry in {
        "record": Command(
            "Record a post made outside",
            "publishing-record",
            "publishing.post.record",
            keywords="by hand story phone afterwards link",
        ),
        "labels": Command(
            "Labels", "publishing-label-list", "publishing.label.change", keywords="tags latest time late"
        ),
        "channel-by-hand": Command(
            "Add a channel by hand",
            "channels-by-hand",
            "channels.channel.connect",
            keywords="instagram linkedin tiktok story x facebook threads youtube pinterest",
        ),
    }.items():
        registries.palette.register(name, entry)


def _approval() -> None:
    from quarterdeck.publishing import agenda_approval

    change, words = "publishing.policy.change", "approve steps legal claims deadline small edits"
    registries.agenda.register("approval", agenda_approval.agenda)
    registries.settings_pages.register(
        "publishing.policies",
        registries.SettingsPage("Approval policies", "publishing-policy-list", "Workspace", change),
    )
    registries.palette.register(
        "policies", Command("Approval policies", "publishing-policy-list", change, keywords=words)
    )
