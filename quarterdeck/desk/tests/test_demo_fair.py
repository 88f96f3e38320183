"""The demo's fair plan: proposed over what its departments ask for."""

from __future__ import annotations

import pytest

from quarterdeck.consent.fair import words
from quarterdeck.core import clock
from quarterdeck.desk import demo, demo_fair, demo_stakeholders
from tests import make

pytestmark = pytest.mark.django_db


def test_a_plan_is_proposed_that_gives_every_department_something():
    now = clock.now().replace(microsecond=0)
    cast = demo._cast(make.user())
    demo_stakeholders.tell(cast.lead, cast.author, cast.channels, now)
    plan = demo_fair.tell(cast.lead, cast.author, cast.channels, now)
    assert plan.state == "proposed", plan.problem or words.tell(plan).clash
    told = words.tell(plan)
    assert {str(one.department) for one in told.shares} <= {"Events", "Kitchen", "People"}
    assert all(one.points for one in told.shares)
    assert plan.asked_at <= now
