"""Root causes that came back: how often within ninety days, per hundred posts that went out, with what is not known
about it. By cause and never by person; below two hundred posts no number is given.

Formula lessons.causes/1: the reviews closed in the window and tagged with the cause, divided by the posts that went out
in it, times 100; between the exact Poisson bounds of Garwood (1936) at 90 %, divided likewise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quarterdeck.crew.models import Workspace
from quarterdeck.engines import poisson
from quarterdeck.lessons import causes
from quarterdeck.lessons.models import Review
from quarterdeck.publishing import reads as posts

WINDOW = timedelta(days=90)
FEWEST_POSTS = 200
LEVEL = 0.90
MOST_REVIEWS = 1000
FORMULA = "lessons.causes/1"


@dataclass(slots=True)
class Returning:
    """A cause and the reviews tagged with it in the window, the newest first. The three numbers are per 100 posts, and
    None where too few went out."""

    name: str
    reviews: list[Review] = field(default_factory=list)
    rate: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def came_back(self) -> bool:
        return len(self.reviews) > 1


@dataclass(frozen=True, slots=True)
class Told:
    """What the page tells: `since` when the window begins, `out` the posts that went out in it."""

    since: datetime
    out: int
    reviews: int
    causes: list[Returning]

    @property
    def enough(self) -> bool:
        return self.out >= FEWEST_POSTS

    @property
    def missing(self) -> int:
        return max(0, FEWEST_POSTS - self.out)


def returning(workspace: Workspace, now: datetime) -> Told:
    """The causes of the reviews closed in the last ninety days, the commonest first."""
    since = now - WINDOW
    closed = Review.objects.filter(workspace=workspace, closed_at__gt=since, closed_at__lte=now)
    rows = list(closed.only("title", "causes", "closed_at").order_by("-closed_at")[:MOST_REVIEWS])
    sent = posts.out(workspace).filter(ended_at__gt=since, ended_at__lte=now)
    out = sent.order_by().values("post").distinct().count()
    found = {one.value: Returning(one.name) for one in causes.every(workspace)}
    for row in rows:
        for value in row.causes:
            if value in found:
                found[value].reviews.append(row)
    told = sorted(
        (one for one in found.values() if one.reviews), key=lambda one: (-len(one.reviews), one.name)
    )
    for one in told if out >= FEWEST_POSTS else ():
        low, high = poisson.interval(len(one.reviews), LEVEL)
        one.rate, one.low, one.high = (100 * x / out for x in (len(one.reviews), low, high))
    return Told(since, out, len(rows), told)
