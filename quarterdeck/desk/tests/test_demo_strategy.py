"""The demo’s posts are for something, and what is over waits to be read out."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from quarterdeck.core import clock
from quarterdeck.desk.demo import strategy
from quarterdeck.desk.demo.cast import draft, gather, next_half_hour, past_post, plan, wall
from quarterdeck.publishing.models import Purpose
from quarterdeck.strategy import agenda, sight
from tests import make

pytestmark = pytest.mark.django_db


def test_two_objectives_a_campaign_and_posts_that_name_it():
    now = clock.now().replace(microsecond=0)
    with clock.at(now - timedelta(weeks=5, days=1)):
        cast = gather(make.user("Ada", timezone="Europe/Berlin"))
    cast.dice = random.Random(9)
    for days in (5, 1):
        past_post(cast, wall(cast, now - timedelta(days=days), 11, 0))
    planned = draft(cast, now - timedelta(hours=9), now)
    plan(planned, now - timedelta(hours=8), next_half_hour(cast, now, 30))
    strategy.tell(cast, now)
    with clock.at(now):
        seen = sight.sight(cast.owner)
        titles = [node.objective.title for node in seen.roots]
        assert titles == ["Two cooks for the summer", "A terrace that is full on weekdays"]
        (branch,) = seen.roots[1].campaigns
        assert branch.count == 4
        words = [one.pace.words for one in seen.roots[1].measured]
        assert "behind" in words[0]
        assert [item.title for item in agenda.agenda(cast.lead, now)] == [
            "Read out “Two cooks for the summer”"
        ]
    assert Purpose.objects.filter(campaign_after=True).count() == 1
