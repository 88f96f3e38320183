"""The studio's background work that carries no guarantee: small pictures for lists."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from quarterdeck.core.loops import returning_connections
from quarterdeck.studio import pixels
from quarterdeck.studio.models import File

SIDE = 480  # pixels
MISSING_AT_ONCE = 100


@app.task(
    name="studio.make_small", queue="studio", lock="studio.make_small"
)  # one at a time: each takes memory
def make_small(file: str) -> None:
    """Make the small picture of a file; idempotent: one that is there is not made again."""
    with returning_connections():
        draw(UUID(file))


def draw(pk: UUID) -> None:
    """Make the small picture of a file that has none yet, or note why there is none."""
    from quarterdeck.studio import intake  # which puts these jobs into the queue

    found = File.objects.filter(pk=pk, small=None).first()
    if found is None:
        return
    try:
        mime, data, frames = pixels.small(bytes(found.data), SIDE)
    except pixels.CannotDraw as why:
        intake.keep_small(found, trouble=str(why))
    else:
        intake.keep_small(found, mime=mime, data=data, frames=frames)


@app.periodic(cron="7 * * * *")
@app.task(name="studio.make_missing", queueing_lock="studio.make_missing", queue="studio", pass_context=True)
def make_missing(context, timestamp: int) -> None:
    """Files from before there were small pictures, and those whose job was lost."""
    with returning_connections():
        for pk in File.objects.filter(small=None).values_list("pk", flat=True)[:MISSING_AT_ONCE]:
            draw(pk)
