"""Who may do what: one table. Rooms name their permissions here, and tests walk every cell.

A permission is `room.noun.verb`. Roles are the six of a social media team.
"""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    OWNER = "owner", "Owner"
    LEAD = "lead", "Lead"
    AUTHOR = "author", "Author"
    APPROVER = "approver", "Approver"
    ANALYST = "analyst", "Analyst"
    OBSERVER = "observer", "Observer"


_EVERYONE = frozenset(Role.values)
_OWNER = frozenset({Role.OWNER})
_LEADS = frozenset({Role.OWNER, Role.LEAD})
_MAKERS = _LEADS | {Role.AUTHOR}
_APPROVERS = _LEADS | {Role.APPROVER}

MATRIX: dict[str, frozenset[str]] = {
    # crew
    "crew.workspace.view": _EVERYONE,
    "crew.workspace.change": _OWNER,
    "crew.brand.change": _LEADS,
    "crew.member.view": _EVERYONE,
    "crew.member.invite": _LEADS,
    "crew.member.change": _OWNER,
    "crew.link.issue": _LEADS,
    "crew.installation.change": frozenset(),  # no role: whoever owns the installation (Member.may)
    # ledger
    "ledger.log.view": _EVERYONE,
    # channels
    "channels.channel.view": _EVERYONE,
    "channels.channel.connect": _LEADS,
    # publishing
    "publishing.post.view": _EVERYONE,
    "publishing.post.draft": _MAKERS,
    "publishing.post.approve": _APPROVERS,
    "publishing.post.schedule": _MAKERS,
    "publishing.post.cancel": _MAKERS,
    "publishing.post.discard": _MAKERS,
    # desk
    "desk.item.work": _EVERYONE,
}

# How the table is read by people; a permission without words here is named by its parts.
ROOMS = {"crew": "People and settings", "publishing": "Posts"}
WORDS = {
    "crew.workspace.view": "Open the workspace",
    "crew.workspace.change": "Change its name and time zone",
    "crew.brand.change": "Add and rename brands",
    "crew.member.view": "See who is in it",
    "crew.member.invite": "Invite people",
    "crew.member.change": "Change roles and remove people",
    "crew.link.issue": "Give out signed links and revoke them",
    "ledger.log.view": "Read and check the ledger",
    "channels.channel.view": "See the channels",
    "channels.channel.connect": "Connect, rename and disconnect channels",
    "publishing.post.view": "Read posts",
    "publishing.post.draft": "Write and edit posts, ask for approval",
    "publishing.post.approve": "Approve posts or give them back",
    "publishing.post.schedule": "Plan posts, move them, publish now",
    "publishing.post.cancel": "Take posts off the plan",
    "publishing.post.discard": "Discard posts and put them back",
    "desk.item.work": "Have a Desk",
}


def may(role: str, permission: str) -> bool:
    """True when `role` carries `permission`; KeyError for a permission nobody declared."""
    return role in MATRIX[permission]
