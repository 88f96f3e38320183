"""The kinds the ledger records about itself."""

from quarterdeck.ledger.kinds import Event, declare, personal, plain

declare(
    Event(
        "ledger.epoch.opened",
        {
            "old_origin": plain(),
            "old_size": plain(),
            "old_root": plain(),
            "outside_size": plain(),
            "outside_root": plain(),
            "revoked_keys": plain(),
            "reason": personal(),
        },
        "A new epoch of the log was opened",
    ),
    Event("ledger.key.rotated", {"old_key": plain(), "new_key": plain()}, "The log’s key was changed"),
    Event(
        "ledger.payload.erased",
        {"legal_basis": plain(), "fields_erased": plain()},
        "What a person’s events said was erased",
    ),
)
