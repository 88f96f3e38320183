"""The demo's story of a department having a say: a post that was caught, two answers, one question that waits."""

from __future__ import annotations

import pytest

from quarterdeck.core import clock
from quarterdeck.desk.demo import digest
from quarterdeck.desk.demo.cast import gather
from quarterdeck.publishing import reads
from quarterdeck.stakeholders import consulting, experts_reads
from quarterdeck.stakeholders.models import ConsultAsk
from tests import make

pytestmark = pytest.mark.django_db


def test_a_rule_catches_a_post_and_questions_stand_as_they_do():
    now = clock.now().replace(microsecond=0)
    cast = gather(make.user())
    post = digest.tell(cast, now)
    workspace = cast.owner.workspace
    assert not reads.post(workspace, post.pk).is_approved
    assert [one.state for one in consulting.stands(post)] == ["asked"]
    assert not [one for one in ConsultAsk.objects.all() if one.consult.stakeholder.email], (
        "a demo writes to nobody"
    )
    assert [one.stale for one in experts_reads.answered(workspace)] == [False, True]
    assert len(experts_reads.waiting(workspace)) == 1
