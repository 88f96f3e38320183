"""Root causes that came back: a number only where there is enough of it, with an exact interval, never by person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from scipy import stats

from quarterdeck.channels.verbs import connect_sandbox
from quarterdeck.core import clock
from quarterdeck.engines import poisson
from quarterdeck.lessons import counting
from quarterdeck.lessons.tests import world
from quarterdeck.lessons.tests.world import SAID, address, browser
from quarterdeck.publishing.verbs.outside import record_outside


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 20, 100, 1000])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_the_interval_is_garwoods(count, level):
    """Garwood's bounds are quantiles of chi-squared distributions, halved."""
    tail = (1 - level) / 2
    low, high = poisson.interval(count, level)
    assert low == pytest.approx(stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0, rel=1e-9)
    assert high == pytest.approx(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2, rel=1e-9)


@pytest.mark.parametrize(
    ("count", "level"), [(-1, 0.9), (10_001, 0.9), (1, 0.0), (1, 1.0), (1, float("nan"))]
)
def test_what_has_no_interval(count, level):
    with pytest.raises(ValueError, match="lie"):
        poisson.interval(count, level)


@pytest.mark.django_db
def test_below_the_minimum_the_reviews_stand_there_and_no_number():
    with clock.at(world.NOON):
        w = world.four()
        reviews = [w.closed(SAID, f"Soup {number}") for number in (1, 2)]
        told = counting.returning(w.workspace, clock.now())
        assert [(one.name, one.came_back, one.rate) for one in told.causes] == [
            ("Handover", True, None),
            ("The source was wrong", True, None),
        ]
        page = browser(w.observer).get(address(w.observer, "causes/")).content.decode()
        assert "no number; 200 more" in page
        assert "per 100 posts;" not in page
        for review in reviews:
            assert f"/reviews/{review.pk}/" in page
    with clock.at(world.NOON + counting.WINDOW + timedelta(seconds=1)):
        assert not counting.returning(w.workspace, clock.now()).causes


@pytest.mark.django_db
def test_with_enough_posts_a_rate_and_what_is_not_known_of_it(monkeypatch):
    monkeypatch.setattr(counting, "FEWEST_POSTS", 4)
    with clock.at(world.NOON):
        w = world.four()
        channel = connect_sandbox(w.lead, brand=w.workspace.brands.get())
        for number in range(5):
            when = clock.now() - timedelta(days=number * 30)  # the last is ninety days and more ago
            record_outside(w.author, channel=channel, text=f"Soup {number}", when=when)
        for number in (1, 2):
            w.closed(SAID, f"Soup {number}")
        told = counting.returning(w.workspace, clock.now())
        assert told.out == 3
        assert not told.enough
        monkeypatch.setattr(counting, "FEWEST_POSTS", 3)
        found = counting.returning(w.workspace, clock.now()).causes[0]
        low, high = poisson.interval(2, 0.9)
        assert (found.rate, found.low, found.high) == pytest.approx((200 / 3, 100 * low / 3, 100 * high / 3))
        page = browser(w.observer).get(address(w.observer, "causes/")).content.decode()
        assert (
            "66.67 per 100 posts; anything between 11.85 and 209.86 fits what was seen (90 %, n = 2)" in page
        )
