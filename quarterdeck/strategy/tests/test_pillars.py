"""Pillars and their mix: shares that add up, and counts beside them."""

from __future__ import annotations

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.strategy import mix, reads, verbs
from quarterdeck.strategy.tests import world
from quarterdeck.strategy.tests.world import address, browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(world.NOON):
        yield


def test_the_shares_of_a_brand_add_up_to_a_hundred():
    w = world.three()
    cooks = verbs.make_pillar(w.lead, brand=w.brand, name="Behind the counter")
    menu = verbs.make_pillar(w.lead, brand=w.brand, name="The menu")
    with pytest.raises(Invalid, match="add up to 90, not to 100"):
        verbs.set_mix(w.lead, brand=w.brand, shares={cooks: 40, menu: 50})
    with pytest.raises(Invalid, match="add up to 100"):
        verbs.set_mix(w.lead, brand=w.brand, shares={cooks: 150, menu: -50})
    with pytest.raises(Invalid, match="changed in between"):
        verbs.set_mix(w.lead, brand=w.brand, shares={cooks: 100})
    verbs.set_mix(w.lead, brand=w.brand, shares={cooks: 40, menu: 60})
    assert [row.share for row in reads.pillars(w.workspace, w.brand)] == [40, 60]
    with pytest.raises(Invalid, match="of that name already"):
        verbs.make_pillar(w.lead, brand=w.brand, name="the MENU")
    verbs.retire_pillar(menu, by=w.lead)
    with pytest.raises(Conflict, match="retired already"):
        verbs.retire_pillar(menu, by=w.lead)
    words = browser(w.lead).get(address(w.lead, "pillars/")).content.decode()
    assert "The intended shares add up to 40 of 100" in words
    verbs.restore_pillar(menu, by=w.lead)
    assert reads.pillar(w.workspace, menu.pk).share is None


def test_the_mix_is_told_in_posts():
    w = world.three()
    cooks = verbs.make_pillar(w.lead, brand=w.brand, name="Behind the counter")
    menu = verbs.make_pillar(w.lead, brand=w.brand, name="The menu")
    verbs.set_mix(w.lead, brand=w.brand, shares={cooks: 40, menu: 60})
    rows = list(reads.pillars(w.workspace, w.brand))
    told = mix.mix(rows, {cooks.pk: 9, menu.pk: 9, None: 6, w.brand.pk: 2})
    assert (told.posts, told.named, told.others) == (26, 20, 2)
    assert [(line.count, line.expected) for line in told.lines] == [(9, 8.0), (9, 12.0)]
    assert [line.words for line in told.lines] == [
        "about 1 more than intended",
        "about 3 fewer than intended",
    ]
    nothing = mix.mix(rows, {None: 3})
    assert [line.words for line in nothing.lines] == ["", ""]


def test_the_page_counts_a_span_and_says_what_is_wrong_with_one():
    w = world.three()
    client, here = browser(w.lead), address(w.lead, "pillars/")
    client.post(f"{here}new/", {"brand": w.brand.pk, "name": "The menu"})
    (row,) = reads.pillars(w.workspace, w.brand)
    bad = client.post(f"{here}mix/", {"brand": w.brand.pk, row.pk.hex: 90})
    assert bad.status_code == 422
    assert "add up to 90, not to 100" in bad.content.decode()
    client.post(f"{here}mix/", {"brand": w.brand.pk, row.pk.hex: 100})
    words = client.get(here).content.decode()
    assert "Nothing went out from" in words
    assert "100 of 100" in words
    upside = client.get(f"{here}?first=2026-03-09&last=2026-03-01").content.decode()
    assert "Please choose a last day that comes after the first" in upside
    assert client.get(f"{here}?brand={world.three().brand.pk}").status_code == 404
    assert client.get(f"{here}?brand=nothing").status_code == 404
    assert client.post(f"{here}{row.pk}/", {"name": "What we cook"}).status_code == 302
    assert reads.pillar(w.workspace, row.pk).name == "What we cook"
