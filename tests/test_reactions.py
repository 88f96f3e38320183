"""The table of reactions, `config/reactions.py`, held against the kinds that the rooms declare."""

from __future__ import annotations

from quarterdeck.config.reactions import REACTIONS
from quarterdeck.ledger.kinds import KINDS


def test_the_table_names_declared_kinds_and_each_reaction_once():
    names = [one.name for one in REACTIONS]
    assert len(set(names)) == len(names)
    for one in REACTIONS:
        for beginning in one.kinds:
            assert any(kind.startswith(beginning) for kind in KINDS), f"{one.name} waits for {beginning}"
