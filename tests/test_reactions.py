"""The table of reactions, `config/reactions.py`, held against the kinds that the rooms declare."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from quarterdeck.config import reactions
from quarterdeck.config.reactions import REACTIONS
from quarterdeck.core import clock
from quarterdeck.ideas import verbs as ideas
from quarterdeck.ledger import sequencer
from quarterdeck.ledger.kinds import KINDS
from quarterdeck.publishing import following
from quarterdeck.stakeholders.tests import world


def test_the_table_names_declared_kinds_and_each_reaction_once():
    names = [one.name for one in REACTIONS]
    assert len(set(names)) == len(names)
    for one in REACTIONS:
        for beginning in one.kinds:
            assert any(kind.startswith(beginning) for kind in KINDS), f"{one.name} waits for {beginning}"


def test_what_is_out_is_followed():
    (reaction,) = [one for one in REACTIONS if one.handler is following.follow]
    assert reaction.kinds == ("publishing.delivery.accepted",)


@pytest.mark.django_db
def test_whoever_asked_for_a_post_is_served_once_it_is_out():
    """From the delivery's own event through the log to the table's reaction, as the worker does it."""
    with clock.at(world.NOON):
        w = world.three()
        asked = w.accepted(into="idea")
        post = ideas.promote(asked.ideas.get().idea, by=w.author)
        w.out(post, world.NOON + timedelta(hours=20))
    with clock.at(world.NOON + timedelta(hours=21)):
        _committed()
        loop = reactions.loop()
        while loop.round():
            _committed()
    asked.refresh_from_db()
    assert [one.post for one in asked.posts.all()] == [post]
    assert asked.state == "out"


def _committed() -> None:
    """As a commit would: rows are held against the events that still wait, and these get their places."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    sequencer.sequence_all()
