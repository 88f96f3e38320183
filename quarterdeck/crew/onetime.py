"""The way in for the first person, and the way back in for whoever runs the machine: a sign-in link that
works once, within 24 hours. Opening it only shows a button; the button signs in.
"""

from __future__ import annotations

from quarterdeck.crew.models import User
from quarterdeck.crew.rules import installation_owner, open_owner_link
from quarterdeck.crew.verbs.owner_link import issue_owner_link, use_owner_link

__all__ = [
    "installation_owner",
    "issue_owner_link",
    "open_owner_link",
    "someone_has_signed_in",
    "use_owner_link",
]


def someone_has_signed_in() -> bool:
    """False on a fresh installation, where the front door says where the link is printed."""
    return User.objects.filter(last_login__isnull=False).exists()
