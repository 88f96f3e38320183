"""What crew offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries


def fill() -> None:
    from quarterdeck.crew import exports, reads

    page, command = registries.SettingsPage, registries.Command
    bell = registries.NavEntry("Notifications", "crew-notifications", 90, count=reads.unread)
    registries.nav.register("notifications", bell)
    for name, entry in {
        "crew.you": page("You", "crew-you", "You"),
        "crew.telling": page("Notifications", "crew-telling", "You"),
        "crew.looked": page("Who looked", "crew-you-looked", "You"),
        "crew.erase": page("Erase from the record", "crew-erase", "You"),
        "crew.workspace": page("Workspace", "crew-workspace", "Workspace", "crew.workspace.change"),
        "crew.people": page("People", "crew-people", "Workspace", "crew.member.view"),
        "crew.roles": page("Who may do what", "crew-roles", "Workspace", "crew.member.view"),
        "crew.brands": page("Brands", "crew-brands", "Workspace", "crew.brand.change"),
        "crew.unmaskings": page(
            "Who is behind an entry", "crew-unmaskings", "Workspace", "crew.unmasking.ask"
        ),
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
        "crew.looked": command(
            "Who looked at your records", "crew-you-looked", "", "", "privacy access log unmasking"
        ),
        "crew.notifications": command("Notifications", "crew-notifications", "", "g n", "bell told"),
        "crew.workspaces": command("Switch workspace", "crew-workspace-choose", "", "g w", "change demo"),
    }.items():
        registries.palette.register(name, entry)
    registries.search.register("crew", reads.search)
    registries.exports.register_all(exports.EXPORTS)
