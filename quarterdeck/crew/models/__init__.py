"""The nouns of crew, one file each kind: people and their workspaces, the links that let others in, and
what is told to whom. A person is a User once per installation and a Member once per workspace; everything
in a workspace refers to the Member.
"""

from quarterdeck.crew.models.leave import Absence
from quarterdeck.crew.models.links import Invitation, LinkOpening, OwnerLink, SignedLink
from quarterdeck.crew.models.notices import Destination, Message, Notification, Preferences, SeenMail
from quarterdeck.crew.models.people import Brand, Member, User, UserManager, Workspace, known_zone
from quarterdeck.crew.models.privacy import Look, Unmasking

__all__ = [
    "Absence",
    "Brand",
    "Destination",
    "Invitation",
    "LinkOpening",
    "Look",
    "Member",
    "Message",
    "Notification",
    "OwnerLink",
    "Preferences",
    "SeenMail",
    "SignedLink",
    "Unmasking",
    "User",
    "UserManager",
    "Workspace",
    "known_zone",
]
