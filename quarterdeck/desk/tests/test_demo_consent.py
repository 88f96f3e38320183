"""The demo's part on agreeing tells one conflict kept, one settled by a round, and one that is open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.consent.models import Conflict, Round
from quarterdeck.core import clock
from quarterdeck.desk.demo import consent, stakeholders
from quarterdeck.desk.demo.cast import gather
from quarterdeck.strategy.models import Decision
from tests import make

pytestmark = pytest.mark.django_db


def test_one_is_kept_one_agreed_and_one_waits():
    now = clock.now()
    with clock.at(now - timedelta(days=20)):
        cast = gather(make.user("Ada", timezone="Europe/Berlin"))
    stakeholders.tell(cast, now)
    consent.tell(cast, now)
    assert sorted(Conflict.objects.values_list("state", flat=True)) == ["kept", "open", "settled"]
    round_ = Round.objects.get()
    assert round_.state == "changed"
    assert sorted(round_.voices.values_list("answer", flat=True)) == ["consent", "consent", "objects"]
    assert Decision.objects.filter(pk=round_.decision, workspace=cast.lead.workspace).exists()
    assert Decision.objects.count() == 2
