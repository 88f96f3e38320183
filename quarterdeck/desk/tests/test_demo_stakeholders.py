"""The demo's story of other departments: each request at another point of its way, by the same verbs as people."""

from __future__ import annotations

import pytest

from quarterdeck.core import clock
from quarterdeck.desk.demo import stakeholders
from quarterdeck.desk.demo.cast import gather
from quarterdeck.stakeholders.models import Department, Stakeholder
from tests import make

pytestmark = pytest.mark.django_db


def test_three_departments_five_people_and_six_requests_in_different_states():
    now = clock.now().replace(microsecond=0)
    cast = gather(make.user())
    told = stakeholders.tell(cast, now)
    assert [one.state for one in told[:1]] == ["out"]
    for one in told:
        one.refresh_from_db()
    assert [one.state for one in told] == ["out", "accepted", "declined", "proposed", "asked", "asked"]
    assert Department.objects.filter(workspace=cast.owner.workspace).count() == 3
    assert Stakeholder.objects.filter(workspace=cast.owner.workspace).count() == 5
    assert not [one for one in told if one.email], "a demo writes to nobody"
    assert all(one.stakeholder is not None for one in told)
    assert all(one.asked_at <= now for one in told)
