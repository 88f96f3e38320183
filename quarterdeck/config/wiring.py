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
    _planning()
    _by_hand()
    _ideas()
    _approval()
    _review()
    _exchange()
    _library()


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


def _library() -> None:
    from quarterdeck.publishing import offers_media
    from quarterdeck.studio import agenda, offers

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


def _ideas() -> None:
    from quarterdeck.ideas import agenda, mail, offers

    view, keep = "ideas.idea.view", "ideas.idea.keep"
    registries.agenda.register("ideas", agenda.agenda)
    registries.search.register("ideas", offers.search)
    registries.inbound_mail.register("ideas", mail.take)
    registries.share_target.register("ideas", "ideas-share")
    registries.panels.register(
        "origin",
        registries.Panel("publishing.post", "Where it came from", "ideas/_origin.html", offers.on_a_post),
    )
    registries.nav.register("ideas", NavEntry("Ideas", "ideas-board", 0, view))
    for name, entry in {
        "ideas": Command("Ideas", "ideas-board", view, "g i", "shelf board swipe file brief"),
        "idea-new": Command("New idea", "ideas-new", keep, "i", "keep capture swipe thought"),
        "idea-ways": Command(
            "Keep ideas from your phone, a page or mail",
            "ideas-ways",
            keep,
            keywords="bookmarklet share app install",
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


def _review() -> None:
    from quarterdeck.crew import links
    from quarterdeck.review import agenda
    from quarterdeck.review.verbs import PURPOSE
    from quarterdeck.review.views import asking, guests, posts

    registries.agenda.register("review", agenda.agenda)
    links.register_purpose(PURPOSE, guests.opened, "Read a post, comment, approve or object")
    registries.panels.register(
        "comments",
        registries.Panel("publishing.post", "Comments", "review/_panel.html", posts.on_a_post, beside=True),
    )
    registries.actions.register(
        "ask-outside",
        registries.ObjectAction("publishing.post", "Ask somebody outside…", asking.ask_outside),
    )


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


def _planning() -> None:
    from quarterdeck.crew import links
    from quarterdeck.planning import agenda, layers, offers
    from quarterdeck.planning.views import out, watches

    post, view = "publishing.post", "planning.calendar.view"
    registries.agenda.register("planning", agenda.agenda)
    registries.plan_checks.register("planning", layers.objections)
    links.register_purpose(out.FEED, out.feed, "Subscribe to the calendar, to look only")
    registries.nav.register("calendar", NavEntry("Calendar", "planning-calendar", 0, view))
    registries.settings_pages.register(
        "planning.rules",
        registries.SettingsPage("Calendar", "planning-rules", "Workspace", "planning.rules.change"),
    )
    for name, label, offer in (
        ("next-slot", "Next free slot…", offers.next_slot),
        ("come-again", "Let it come again…", offers.come_again),
    ):
        registries.actions.register(name, registries.ObjectAction(post, label, offer))
    for name, title, template, context in (
        ("watch", "Who reads the first comments", "planning/_watch.html", watches.on_a_post),
        ("series", "Comes again", "planning/_origin.html", offers.origin),
    ):
        registries.panels.register(name, registries.Panel(post, title, template, context))
    for name, label, url, may, shortcut, words in (
        ("calendar", "Calendar", "planning-calendar", view, "g k", "month week agenda plan move"),
        ("slots", "Weekly slots", "planning-slots", "planning.slot.change", "", "queue habit rhythm times"),
        (
            "layers",
            "Layers of the calendar",
            "planning-layers",
            "planning.layer.change",
            "",
            "blackout embargo ics",
        ),
        ("series", "Posts that come again", "planning-series", view, "", "recurring evergreen repeat series"),
        (
            "feeds",
            "Calendar feeds",
            "planning-feeds",
            "crew.link.issue",
            "",
            "ics subscribe outlook google apple",
        ),
        (
            "rules",
            "Working hours and holidays",
            "planning-rules",
            "planning.rules.change",
            "",
            "rules markets",
        ),
    ):
        registries.palette.register(name, Command(label, url, may, shortcut, words))


def _exchange() -> None:
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


def _desk() -> None:
    from quarterdeck.crew import first_run
    from quarterdeck.desk import agenda, demo, first_steps, offers

    first_run.offer_demo(demo.begin)
    registries.agenda.register("desk", agenda.agenda)
    registries.nav.register("desk", NavEntry("Desk", "desk", 0, count=offers.count))
    registries.aside.register(
        "first_steps", AsideBlock("First steps", "desk/_first_steps.html", first_steps.beside_the_desk)
    )
    registries.palette.register(
        "first-steps",
        Command(
            "First steps",
            "desk-first-steps",
            "publishing.post.draft",
            keywords="begin start set up guide tour approval times",
        ),
    )
    registries.palette.register("desk", Command("Desk", "desk", shortcut="g d", keywords="home today"))


__all__ = ["fill", "registries"]
