"""Fills the registries. With `reactions.py` this is the only place that knows every room.

One function a room, one line an entry.
"""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import AsideBlock, Command, NavEntry


def fill() -> None:
    """Called once, from ConfigApp.ready()."""
    _desk()
    _ledger()
    _crew()
    _channels()
    _holds()  # before what goes out next: the first fact of the strip
    _publishing()
    _by_hand()


def _ledger() -> None:
    from quarterdeck import live
    from quarterdeck.crew import access
    from quarterdeck.crew.models import Member
    from quarterdeck.ledger import guards, reads, sequencer

    sequencer.announce = live.announce
    guards.crew_page = access.page
    guards.is_member = lambda user, workspace_id: Member.objects.filter(
        user=user, workspace_id=workspace_id, left_at__isnull=True
    ).exists()
    view = "ledger.log.view"
    registries.agenda.register("ledger", reads.agenda)
    registries.search.register("ledger", reads.search)
    registries.nav.register("ledger", NavEntry("Ledger", "ledger-log", 2, view))
    registries.palette.register(
        "ledger", Command("Ledger", "ledger-log", view, "g l", "log proof checkpoint verify")
    )


def _crew() -> None:
    from quarterdeck.crew import reads

    page, command = registries.SettingsPage, registries.Command
    bell = registries.NavEntry("Notifications", "crew-notifications", 90, count=reads.unread)
    registries.nav.register("notifications", bell)
    for name, entry in {
        "crew.you": page("You", "crew-you", "You"),
        "crew.telling": page("Notifications", "crew-telling", "You"),
        "crew.workspace": page("Workspace", "crew-workspace", "Workspace", "crew.workspace.change"),
        "crew.people": page("People", "crew-people", "Workspace", "crew.member.view"),
        "crew.roles": page("Who may do what", "crew-roles", "Workspace", "crew.member.view"),
        "crew.brands": page("Brands", "crew-brands", "Workspace", "crew.brand.change"),
        "crew.links": page("Signed links", "crew-links", "Workspace", "crew.link.issue"),
        "crew.mail": page("Mail", "crew-mail", "Installation", "crew.installation.change"),
        "shell.address": page("Public address", "shell-address", "Installation", "crew.installation.change"),
    }.items():
        registries.settings_pages.register(name, entry)
    for name, entry in {
        "crew.invite": command(
            "Invite somebody", "crew-people", "crew.member.invite", "", "people team link"
        ),
        "crew.people": command("People", "crew-people", "crew.member.view", "g p", "members team roles"),
        "crew.you": command("Your settings", "crew-you", "", "", "name time zone theme password passkey"),
        "crew.notifications": command("Notifications", "crew-notifications", "", "g n", "bell told"),
        "crew.workspaces": command("Switch workspace", "crew-workspace-choose", "", "g w", "change demo"),
    }.items():
        registries.palette.register(name, entry)
    registries.search.register("crew", reads.search)


def _channels() -> None:
    from quarterdeck.channels import agenda, reads

    registries.agenda.register("channels", agenda.agenda)
    registries.panels.register(
        "numbers",
        registries.Panel("publishing.post", "Numbers so far", "channels/_numbers.html", reads.numbers_so_far),
    )
    registries.palette.register(
        "channel-connect",
        Command(
            "Connect a channel",
            "channels-channel-connect",
            "channels.channel.connect",
            keywords="network bluesky mastodon account",
        ),
    )
    registries.palette.register(
        "networks",
        Command(
            "What each network takes",
            "channels-network-list",
            "channels.channel.view",
            keywords="limits characters",
        ),
    )
    registries.nav.register(
        "channels", NavEntry("Channels", "channels-channel-list", 1, "channels.channel.view")
    )
    registries.palette.register(
        "channels",
        Command("Channels", "channels-channel-list", "channels.channel.view", "g c", "connect sandbox"),
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
    from quarterdeck.publishing import agenda_by_hand, offers_by_hand
    from quarterdeck.publishing.views import by_hand, labels

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


def _desk() -> None:
    from quarterdeck.crew import first_run
    from quarterdeck.desk import agenda, demo, offers

    first_run.offer_demo(demo.begin)
    registries.agenda.register("desk", agenda.agenda)
    registries.nav.register("desk", NavEntry("Desk", "desk", 0, count=offers.count))
    registries.palette.register("desk", Command("Desk", "desk", shortcut="g d", keywords="home today"))


__all__ = ["fill", "registries"]
