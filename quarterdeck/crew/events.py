"""Every kind of event this room records. Names, addresses and labels are personal: they can be erased and
the proofs still hold. Roles, purposes and dates are plain.
"""

from quarterdeck import ledger
from quarterdeck.ledger import Event, personal, plain

ledger.declare(
    Event(
        "crew.workspace.created",
        {"name": personal(), "timezone": plain(), "demo": plain()},
        "The workspace was created",
    ),
    Event("crew.workspace.changed", {"name": personal(), "timezone": plain()}, "The workspace was changed"),
    Event("crew.brand.added", {"name": personal()}, "A brand was added"),
    Event("crew.brand.renamed", {"name": personal(), "was": personal()}, "A brand was renamed"),
    Event(
        "crew.invitation.issued",
        {"role": plain(), "email": personal(of="about"), "expires_at": plain()},
        "Somebody was invited",
    ),
    Event("crew.invitation.accepted", {"role": plain()}, "An invitation was accepted"),
    Event("crew.invitation.revoked", {"role": plain()}, "An invitation was revoked"),
    Event("crew.member.joined", {"role": plain(), "name": personal()}, "A member joined"),
    Event("crew.member.changed", {"role": plain(), "was": plain()}, "A member’s role was changed"),
    Event("crew.member.removed", {"role": plain()}, "A member was removed"),
    Event("crew.member.stand_in_chosen", {"named": plain()}, "A member chose who stands in for them"),
    Event(
        "crew.absence.noted", {"first": personal(), "last": personal()}, "A member said when they are away"
    ),
    Event("crew.absence.withdrawn", {}, "A member took back that they are away"),
    Event("crew.member.left", {"role": plain()}, "A member left"),
    Event(
        "crew.link.issued",
        {"purpose": plain(), "object": plain(), "label": personal(of="about"), "expires_at": plain()},
        "A signed link was issued",
    ),
    Event("crew.link.revoked", {"purpose": plain()}, "A signed link was revoked"),
    Event(
        "crew.unmasking.asked",
        {"entry": plain(), "reason": personal(), "legal_basis": personal()},
        "A name behind an entry was asked for",
    ),
    Event("crew.unmasking.granted", {"entry": plain()}, "A name behind an entry was shown to two people"),
    Event("crew.unmasking.refused", {"entry": plain()}, "A name behind an entry was not shown"),
    Event("crew.owner_link.issued", {"expires_at": plain()}, "A one-time sign-in link was printed"),
    Event("crew.owner_link.used", {}, "A one-time sign-in link was used"),
    Event("crew.mail.changed", {"what": plain(), "host": personal()}, "The mail set-up was changed"),
)
