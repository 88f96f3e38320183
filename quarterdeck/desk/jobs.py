"""The Desk's background work: a demo workspace, which takes some seconds, and hand-overs whose matter is over."""

from __future__ import annotations

from procrastinate.contrib.django import app

from quarterdeck.core.loops import returning_connections
from quarterdeck.crew import first_run
from quarterdeck.crew.models import User
from quarterdeck.desk import demo


@app.task(name="desk.make_demo", queue="demo", lock="desk.make_demo")  # one at a time, without a waiting slot
def make_demo(owner: str) -> None:
    """Make this person's demo; idempotent: who has one gets no second, so a retry of a stalled job is safe."""
    with returning_connections():
        if person := User.objects.filter(pk=owner).first():
            first_run.make_demo(person, demo.make_in_child)


@app.periodic(cron="43 3 * * *")
@app.task(name="desk.settle_hand_overs", queueing_lock="desk.settle_hand_overs", pass_context=False)
def settle_hand_overs(timestamp: int) -> None:
    """Every night the hand-overs end whose matter is over; idempotent."""
    from quarterdeck.desk import settling

    del timestamp
    with returning_connections():
        settling.settle_all()
