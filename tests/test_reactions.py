"""The table of reactions, `config/reactions.py`, held against the kinds that the rooms declare."""

from __future__ import annotations

from quarterdeck.config.reactions import REACTIONS
from quarterdeck.ledger.kinds import KINDS
from quarterdeck.publishing import following


def test_the_table_names_declared_kinds_and_each_reaction_once():
    names = [one.name for one in REACTIONS]
    assert len(set(names)) == len(names)
    for one in REACTIONS:
        for beginning in one.kinds:
            assert any(kind.startswith(beginning) for kind in KINDS), f"{one.name} waits for {beginning}"


def test_what_is_out_is_followed():
    (reaction,) = [one for one in REACTIONS if one.handler is following.follow]
    assert reaction.kinds == ("publishing.delivery.accepted",)
