"""The calendar in a real browser: the mouse, the menu and the arrow keys move a post, with undo; phone and dark."""

from __future__ import annotations

import os
import re
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from quarterdeck.channels.models import RemotePost
from quarterdeck.core import clock
from quarterdeck.planning import repeating
from quarterdeck.planning.verbs import series, slots, spans
from quarterdeck.publishing import verbs
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.shell.tests import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def next_tuesday(hour: int = 11) -> datetime:
    """A Tuesday at least a week ahead whose whole week lies in one month, as a wall time."""
    day = (clock.now() + timedelta(days=8)).date()
    while day.weekday() != 1 or not 3 < day.day < 20:
        day += timedelta(days=1)
    return datetime.combine(day, time(hour, 30))


def planned(w: world.World, when: datetime, text: str = "Nettle soup from Tuesday.") -> Post:
    post = w.approved(text)
    verbs.schedule(post, by=w.author, when=when)
    return post


def wall(post: Post) -> datetime:
    return datetime.fromisoformat(post.deliveries.get(state="intent").wall)


def opened(page, live_server, w: world.World, when: datetime, view: str = "month") -> list[str]:
    base = live_server.url.replace("127.0.0.1", "localhost")
    browser.sign_in(page, base, w.author.user)
    heard = browser.watch(page)
    page.goto(f"{base}/w/{w.author.workspace.slug}/calendar/?view={view}&date={when:%Y-%m-%d}")
    return heard


def entry(page, text: str = "Nettle soup"):
    return page.locator("[data-entry]", has_text=text).first


def shot(page, name: str) -> None:
    if folder := os.environ.get("QD_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_post_is_dragged_to_another_day_and_back_by_undo(page, live_server):
    w, when = world.two("UTC"), next_tuesday()
    post = planned(w, when)
    heard = opened(page, live_server, w, when)
    there = when + timedelta(days=3)
    entry(page).drag_to(page.locator(f'[data-cell="{there:%Y-%m-%d}"]'))
    expect(page.locator("#toasts-polite")).to_contain_text(
        f"is moved to {there:%a} {there.day} {there:%b, %H:%M}."
    )
    assert wall(post) == there
    expect(page.locator(f'[data-cell="{there:%Y-%m-%d}"]')).to_contain_text("Nettle soup")
    expect(entry(page)).to_be_focused()
    shot(page, "month")
    page.locator("#toasts-polite .toast[data-minded]").wait_for()
    page.keyboard.press("z")
    expect(page.locator("#toasts-polite")).to_contain_text("Undone.")
    assert wall(post) == when
    assert heard == []


def test_the_arrow_keys_move_it_by_days_and_weeks_as_one_act(page, live_server):
    w, when = world.two("UTC"), next_tuesday()
    post = planned(w, when)
    heard = opened(page, live_server, w, when)
    entry(page).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    there = when + timedelta(days=8)
    expect(page.locator("#toasts-polite")).to_contain_text(f"{there:%a} {there.day} {there:%b, %H:%M}")
    assert wall(post) == there
    assert post.deliveries.count() == 2  # the one taken off, and the one planned
    assert heard == []


def test_while_it_is_dragged_the_cells_say_where_it_would_collide_or_is_forbidden(page, live_server):
    w, when = world.two("UTC"), next_tuesday()
    planned(w, when)
    planned(w, when + timedelta(days=1, minutes=10), "Plums.")
    day = when.replace(hour=0, minute=0) + timedelta(days=2)
    given = {"begins": day, "ends": day + timedelta(days=1)}
    spans.mark_span(w.approver, kind="blackout", title="Election day", blocks=True, **given)
    heard = opened(page, live_server, w, when)
    cell = [page.locator(f'[data-cell="{when + timedelta(days=n):%Y-%m-%d}"]') for n in range(3)]
    entry(page).hover()
    page.mouse.down()
    cell[1].hover()
    cell[1].hover()
    expect(cell[1]).to_have_class(re.compile("clash"))
    expect(cell[0]).not_to_have_class(re.compile("clash"))
    expect(cell[2]).to_have_class(re.compile("blocked"))
    shot(page, "dragging")
    cell[2].hover()
    page.mouse.up()
    expect(page.get_by_role("alert")).to_contain_text("That time lies in the blackout “Election day”.")
    page.get_by_role("link", name="Leave it").click()
    expect(cell[0]).to_contain_text("Nettle soup")
    assert [line for line in heard if "409" not in line] == []


def test_escape_puts_it_back_and_nothing_is_sent(page, live_server):
    w, when = world.two("UTC"), next_tuesday()
    post = planned(w, when)
    opened(page, live_server, w, when)
    entry(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".bound")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".bound")).to_have_count(0)
    page.wait_for_timeout(900)
    assert wall(post) == when


def test_in_the_week_the_arrows_move_by_a_quarter_of_an_hour(page, live_server):
    w, when = world.two("UTC"), next_tuesday()
    post = planned(w, when)
    heard = opened(page, live_server, w, when, "week")
    entry(page).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    there = when + timedelta(minutes=75)
    expect(page.locator("#toasts-polite")).to_contain_text(f"{there:%H:%M}")
    assert wall(post) == there
    shot(page, "week")
    there = there + timedelta(days=1, hours=2)
    entry(page).drag_to(page.locator(f'[data-cell="{there:%Y-%m-%dT%H}"]'))
    expect(page.locator("#toasts-polite")).to_contain_text(f"{there:%a} {there.day} {there:%b, %H:%M}")
    assert heard == []


def test_the_keyboard_alone_opens_the_form_and_moves_it(page, live_server):
    w, when = world.two("UTC"), next_tuesday()
    post = planned(w, when)
    heard = opened(page, live_server, w, when)
    entry(page).focus()
    page.keyboard.press("m")
    field = page.get_by_label("Day and time in UTC")
    expect(field).to_have_value(f"{when:%Y-%m-%dT%H:%M}")
    assert browser.axe_findings(page) == []
    there = when + timedelta(days=1, hours=1)
    field.fill(f"{there:%Y-%m-%dT%H:%M}")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts-polite")).to_contain_text(f"{there:%a} {there.day} {there:%b, %H:%M}")
    assert wall(post) == there
    expect(entry(page)).to_be_focused()
    assert heard == []


def test_a_post_from_the_tray_is_dropped_on_a_day_and_asks_for_the_hour(page, live_server):
    w, when = world.two("UTC"), next_tuesday()
    post = w.approved("Rhubarb cake.")
    heard = opened(page, live_server, w, when)
    page.locator(".tray [data-entry]").drag_to(page.locator(f'[data-cell="{when:%Y-%m-%d}"]'))
    expect(page.get_by_label("Day and time in UTC")).to_have_value(f"{when:%Y-%m-%d}T10:00")
    page.get_by_role("button", name="Plan").click()
    expect(page.locator("#toasts-polite")).to_contain_text("is planned for")
    assert wall(post) == when.replace(hour=10, minute=0)
    assert heard == []


@browser.EVERY_LOOK
def test_it_is_sound_in_both_themes_on_both_screens(request, live_server, theme, size):
    w, when = world.two("UTC"), next_tuesday()
    for number in range(6):
        planned(w, when + timedelta(minutes=20 * number), f"Post {number}: what the kitchen cooks this week.")
    planned(w, when + timedelta(days=2), "Plums.")
    w.approved("Rhubarb cake.")
    chromium = request.getfixturevalue("browser")
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    for view in ("month", "week", "list"):
        heard = opened(page, live_server, w, when, view)
        shot(page, f"{view}-{theme}-{size['width']}")
        assert browser.axe_findings(page) == []
        assert not page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert heard == []


@browser.EVERY_LOOK
def test_the_pages_around_it_are_sound(request, live_server, theme, size):
    w, when = world.two("UTC"), next_tuesday()
    post = planned(w, when.replace(hour=20))
    day = when.replace(hour=0, minute=0)
    given = {"begins": day, "ends": day + timedelta(days=1)}
    spans.mark_span(w.approver, kind="blackout", title="Election day", blocks=True, **given)
    spans.mark_span(w.approver, kind="launch", title="Summer menu", **given)
    slots.make_slot(w.approver, channel=w.channel, weekday=3, wall="11:30")
    repeating.fill(
        series.begin_series(post, by=w.author, frequency="weekly", begins=when + timedelta(days=1))
    )
    for week in range(1, 5):
        at = clock.now() - timedelta(weeks=week)
        RemotePost.objects.create(channel=w.channel, remote_id=f"r{week}", posted_at=at)
    w.author = w.approver
    chromium = request.getfixturevalue("browser")
    page = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB").new_page()
    heard = opened(page, live_server, w, when)
    root = page.url.split("calendar/")[0]
    for name in (
        "calendar/?view=month&date=" + f"{when:%Y-%m-%d}",
        "calendar/?view=list&date=" + f"{when:%Y-%m-%d}",
        "calendar/slots/",
        "calendar/layers/",
        "calendar/series/",
        "calendar/feeds/",
        "settings/planning/",
        f"calendar/posts/{post.pk}/move/?when=next",
        f"calendar/posts/{post.pk}/series/",
        f"posts/{post.pk}/",
    ):
        page.goto(root + name)
        for one in page.locator("details > summary").all():
            one.click()
        shot(page, f"{name.split('?')[0].replace('/', '-')}{size['width']}")
        assert browser.axe_findings(page) == [], name
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), name
    assert heard == []


def test_who_reads_the_first_comments_is_named_by_keyboard_from_the_calendar(page, live_server):
    w, when = world.two("UTC"), next_tuesday(20)
    planned(w, when)
    heard = opened(page, live_server, w, when)
    expect(page.locator(".watch")).to_contain_text("nobody watching")
    entry(page).focus()
    page.keyboard.press("w")
    page.wait_for_url("**/watch/**")
    page.get_by_label("Who reads them").select_option(label="Bea")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".watch")).to_contain_text("Bea reads the comments")
    expect(entry(page)).to_be_focused()  # where one was
    assert browser.axe_findings(page) == []
    assert heard == []


def test_a_post_moved_meanwhile_is_not_moved_again_by_a_page_that_does_not_know(page, live_server):
    w, when = world.two("UTC"), next_tuesday()
    post = planned(w, when)
    heard = opened(page, live_server, w, when)
    verbs.reschedule(
        post, by=w.approver, when=when + timedelta(days=1)
    )  # the page is not told: no stream here
    entry(page).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("alert")).to_contain_text("Somebody has moved it meanwhile")
    assert wall(post) == when + timedelta(days=1)
    assert [one for one in heard if "409" not in one] == []
