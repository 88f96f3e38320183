"""The demo's fair plan: proposed over what its departments ask for."""

from __future__ import annotations

import pytest

from quarterdeck.consent.fair import words
from quarterdeck.core import clock
from quarterdeck.desk.demo import fair, stakeholders
from quarterdeck.desk.demo.cast import gather
from tests import make

pytestmark = pytest.mark.django_db


def test_a_plan_is_proposed_that_gives_every_department_something():
    now = clock.now().replace(microsecond=0)
    cast = gather(make.user())
    stakeholders.tell(cast, now)
    plan = fair.tell(cast, now)
    assert plan.state == "proposed", plan.problem or words.tell(plan).clash
    told = words.tell(plan)
    assert {str(one.department) for one in told.shares} <= {"Events", "Kitchen", "People"}
    assert all(one.points for one in told.shares)
    assert plan.asked_at <= now
