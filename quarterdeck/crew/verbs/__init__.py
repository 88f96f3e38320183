"""The acts of crew. One verb, one transaction, at least one ledger event. Who may call them is decided by the
pages (`access.page`); what is possible, here.
"""

from quarterdeck.crew.verbs.erasing import erase_record
from quarterdeck.crew.verbs.installation import set_incoming_mail, set_outgoing_mail
from quarterdeck.crew.verbs.leave import be_away, be_here
from quarterdeck.crew.verbs.people import (
    Invited,
    accept_invitation,
    change_role,
    invite,
    remove_member,
    revoke_invitation,
)
from quarterdeck.crew.verbs.signed_links import IssuedLink, issue_link, revoke_link
from quarterdeck.crew.verbs.stand_in import choose_stand_in
from quarterdeck.crew.verbs.unmasking import ask_unmasking, decide_unmasking
from quarterdeck.crew.verbs.workspaces import add_brand, change_workspace, create_workspace, rename_brand

__all__ = [
    "Invited",
    "IssuedLink",
    "accept_invitation",
    "add_brand",
    "ask_unmasking",
    "be_away",
    "be_here",
    "change_role",
    "change_workspace",
    "choose_stand_in",
    "create_workspace",
    "decide_unmasking",
    "erase_record",
    "invite",
    "issue_link",
    "remove_member",
    "rename_brand",
    "revoke_invitation",
    "revoke_link",
    "set_incoming_mail",
    "set_outgoing_mail",
]
