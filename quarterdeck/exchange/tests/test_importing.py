"""Rows become drafts or wait with a reason; an import is idempotent, goes on after a kill, and can be undone whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from quarterdeck.channels import verbs as channel_verbs
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock
from quarterdeck.exchange import importing, reads, verbs
from quarterdeck.exchange.models import Import, Row
from quarterdeck.exchange.tests import world
from quarterdeck.exchange.tests.world import NOW, posts_of, reasons, rows_of
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Delivery, Label, Post
from tests import make

pytestmark = pytest.mark.django_db

HEAD = ["Text", "Date", "Time", "Channel", "Labels", "Link", "Image", "Alt text", "Brand", "Language", "Note"]


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def line(
    text="Soup",
    date="",
    time="",
    channel="",
    labels="",
    link="",
    image="",
    alt="",
    brand="",
    lang="",
    note="",
):
    return [text, date, time, channel, labels, link, image, alt, brand, lang, note]


def one(**cells):
    """One row imported into a fresh workspace: the import, and the world."""
    ours = world.two()
    said = cells.pop("said", {})
    return ours.imported([HEAD, line(**cells)], **said), ours


def test_a_good_row_is_a_draft_planned_at_its_wall_time_and_not_approved():
    found, ours = one(date="12.03.2026", time="11:30", channel="Harbour Kitchen, Pier")
    (post,) = posts_of(found)
    assert post.author == post.answerable == ours.author
    assert set(post.channels.all()) == {ours.harbour, ours.pier}
    deliveries = list(post.deliveries.all())
    assert {d.wall for d in deliveries} == {"2026-03-12T11:30"}
    assert {d.zone for d in deliveries} == {"Europe/Berlin"}
    assert deliveries[0].due_at == datetime(2026, 3, 12, 10, 30, tzinfo=UTC)
    assert not post.approvals.exists()
    assert found.state == Import.State.DONE
    kinds = make.kinds_recorded(found.workspace)
    assert kinds[-4:] == [
        "exchange.import.begun",
        "publishing.post.drafted",
        "publishing.post.scheduled",
        "exchange.import.ended",
    ]


def test_only_drafts_are_made_where_that_is_asked():
    found, _ = one(date="12.03.2026 11:30", channel="Pier", said={"times": "draft"})
    assert not Delivery.objects.exists()
    assert rows_of(found, "draft")[0].extra["when"] == "2026-03-12 11:30"


def test_times_of_another_zone_are_planned_at_the_same_instant_on_the_workspaces_clock():
    found, _ = one(date="12.03.2026 11:30", channel="Pier", said={"zone": "America/New_York"})
    delivery = posts_of(found)[0].deliveries.get()
    assert delivery.due_at == datetime(2026, 3, 12, 15, 30, tzinfo=UTC)
    assert delivery.zone == "Europe/Berlin"
    assert delivery.local.hour == 16


@pytest.mark.parametrize(
    ("date", "time", "wall"),
    [
        ("2026-03-12", "9:05 pm", "2026-03-12T21:05"),
        ("12/03/2026", "9pm", "2026-03-12T21:00"),
        ("March 12, 2026 at 11:30", "", "2026-03-12T11:30"),
        ("46093", "0,479166667", "2026-03-12T11:30"),
        ("46093.479166667", "", "2026-03-12T11:30"),
        ("2026-03-12T10:30:00Z", "", "2026-03-12T11:30"),
        ("Do 12.03.2026", "11.30", "2026-03-12T11:30"),
    ],
)
def test_days_and_times_as_people_write_them(date, time, wall):
    found, _ = one(date=date, time=time, channel="Pier")
    assert posts_of(found)[0].deliveries.get().wall[:16] == wall


def test_day_and_month_are_read_as_was_answered():
    for order, wall in (("dmy", "2026-04-03"), ("mdy", "2026-03-04")):
        found, _ = one(date="03/04/2026", said={"order": order, "times": "draft"})
        assert rows_of(found, "draft")[0].extra["when"] == wall
    found, _ = one(date="03/04/2026", said={"order": ""})
    assert "was not understood" in reasons(found)[2]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"text": "", "image": "https://x.example/a.jpg"}, "There is no text in this row. Its picture"),
        ({"date": "next Tuesday"}, "“next Tuesday” was not understood as a day or a time"),
        ({"date": "12.03.2026", "time": "soon"}, "“soon” was not understood as a time of day"),
        ({"date": "01.03.2026 11:30", "channel": "Pier"}, "2026-03-01 11:30: That time has passed."),
        ({"date": "29.03.2026 02:30", "channel": "Pier"}, "02:30 does not exist on Sunday, 29 March"),
        ({"date": "25.10.2026 02:30", "channel": "Pier"}, "comes twice in Europe/Berlin"),
        ({"date": "12.03.2036 11:30", "channel": "Pier"}, "more than two years ahead"),
        ({"channel": "Lighthouse"}, "is no connected channel here. Connected are “Harbour Kitchen” (Sandbox)"),
        ({"channel": "Pier", "text": "x" * 2300}, "Pier (Instagram, by hand) would refuse it."),
        ({"text": "x" * 20_001}, "longer than 20,000 characters"),
        ({"brand": "Acme"}, "“Acme” is no brand here. There is “Harbour Kitchen”."),
    ],
)  # fmt: skip
def test_a_bad_row_waits_with_the_reason(cells, words):
    found, _ = one(**cells)
    assert words in reasons(found)[2]
    assert not Post.objects.exists()


def test_a_channel_is_named_by_its_name_its_handle_or_its_network():
    ours = world.two()
    names = [
        "Pier",
        "pier",
        "Instagram",
        "IG",
        "@" + ours.harbour.handle,
        "Sandbox / Instagram",
        "Pier (Instagram)",
    ]
    found = ours.imported([HEAD, *(line(text=f"Soup {n}", channel=name) for n, name in enumerate(names))])
    assert reasons(found) == {}
    chosen = [{channel.name for channel in post.channels.all()} for post in posts_of(found)]
    assert chosen == [{"Pier"}] * 4 + [{"Harbour Kitchen"}, {"Harbour Kitchen", "Pier"}, {"Pier"}]


def test_a_network_with_two_channels_is_not_guessed():
    ours = world.two()
    connect_by_hand(ours.lead, brand=ours.brand, network="instagram", name="Quay")
    found = ours.imported([HEAD, line(channel="Instagram")])
    assert "“Instagram” could be “Pier” or “Quay”" in reasons(found)[2]


def test_a_channel_that_was_disconnected_is_none():
    ours = world.two()
    channel_verbs.disconnect(ours.pier, by=ours.lead)
    assert "no connected channel" in reasons(ours.imported([HEAD, line(channel="Pier")]))[2]


def test_the_link_is_added_where_the_text_has_it_not_and_quotes_stay():
    ours = world.two()
    a, b = "“Soup”, she said – ‘hot’", "Bread: https://x.example/b now"
    found = ours.imported([HEAD, line(a, link="https://x.example/a"), line(b, link="https://x.example/b")])
    assert [post.text for post in posts_of(found)] == [f"{a}\n\nhttps://x.example/a", b]


def test_what_a_post_has_no_place_for_stays_with_the_row_and_a_picture_keeps_it_off_the_plan():
    image = {"image": "https://x.example/a.jpg", "alt": "A bowl"}
    found, ours = one(date="12.03.2026 11:30", channel="Pier", note="Ask Ines", **image)
    (row,) = rows_of(found, "draft")
    assert row.extra == {
        "when": "2026-03-12 11:30",
        "pictures": ["https://x.example/a.jpg"],
        "alt": "A bowl",
        "note": "Ask Ines",
    }
    assert not Delivery.objects.exists()
    assert "Bring its picture by hand" in row.warnings[0]
    assert "was not planned" in row.warnings[1]
    shown = reads.from_a_spreadsheet(posts_of(found)[0], ours.author)
    assert shown["row"] == row


def test_labels_are_made_by_who_may_and_left_out_with_a_word_by_who_may_not():
    ours = world.two()
    found = ours.imported([HEAD, line(labels="Menu; #Spring")])
    assert "your role makes none" in rows_of(found, "draft")[0].warnings[0]
    assert not Label.objects.exists()
    found = ours.imported(
        [HEAD, line("Bread", labels="Menu; #Spring"), line("Butter", labels="menu")], by=ours.lead
    )
    assert [sorted(str(label) for label in post.labels.all()) for post in posts_of(found)] == [
        ["Menu", "Spring"],
        ["Menu"],
    ]
    assert "publishing.post.labelled" in make.kinds_recorded(found.workspace)


def test_twins_in_the_file_and_posts_that_are_here_already_wait():
    ours = world.two()
    rows = [HEAD, line(), line(), line("Soup", date="12.03.2026 11:30", channel="Pier")]
    found = ours.imported(rows)
    assert reasons(found) == {3: "Row 2 of this file says the same, for the same channels and time."}
    again = ours.imported(rows)
    assert list(reasons(again)) == [2, 3, 4]
    assert "is here already (a draft, begun on 2026-03-09)" in reasons(again)[2]
    assert "(planned or out" in reasons(again)[4]
    assert Post.objects.count() == 2


def test_the_same_words_at_another_time_are_a_draft_with_a_word():
    ours = world.two()
    ours.imported([HEAD, line(date="12.03.2026 11:30", channel="Pier")])
    found = ours.imported([HEAD, line(date="13.03.2026 11:30", channel="Pier")])
    assert "here already at another time" in rows_of(found, "draft")[0].warnings[0]


def test_headings_and_what_stands_above_them_are_no_rows_and_empty_ones_are_left():
    ours = world.two()
    found = ours.imported([["Plan of March", *[""] * 10], HEAD, line(), [""] * 10 + [" "], line("Bread")])
    assert [row.state for row in rows_of(found)] == ["head", "head", "draft", "draft"]


# --- fixing ----------------------------------------------------------------------------------------


def test_a_row_that_is_fixed_becomes_a_draft_of_who_fixed_it():
    found, ours = one(channel="Lighthouse", date="12.03.2026 11:30")
    (row,) = rows_of(found, "fix")
    cells = [*row.cells]
    cells[3] = "Quay"
    row = importing.mend(row, by=ours.lead, cells=cells, said={})
    assert row.state == Row.State.FIX
    cells[3] = "Pier"
    row = importing.mend(row, by=ours.lead, cells=cells, said={})
    assert row.state == Row.State.DRAFT
    (post,) = posts_of(found)
    assert post.author == ours.lead
    assert post.deliveries.get().wall == "2026-03-12T11:30"


def test_a_time_that_comes_twice_is_chosen_and_a_twin_is_made_anyway():
    found, ours = one(channel="Pier", date="25.10.2026 02:30")
    (row,) = rows_of(found, "fix")
    assert importing.mend(row, by=ours.author, cells=row.cells, said={"fold": 1}).state == Row.State.DRAFT
    assert posts_of(found)[0].deliveries.get().due_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    twin = ours.imported([HEAD, line("Bread"), line("Bread")])
    (row,) = rows_of(twin, "fix")
    assert (
        importing.mend(row, by=ours.author, cells=row.cells, said={"anyway": True}).state == Row.State.DRAFT
    )
    assert Post.objects.filter(text="Bread").count() == 2


# --- undoing ---------------------------------------------------------------------------------------


def undone(found: Import, by) -> Import:
    verbs.undo(found, by=by)
    importing.run_undo(found.pk)
    found.refresh_from_db()
    return found


def test_undo_takes_back_what_nobody_touched_and_names_the_rest():
    ours = world.two()
    texts = ["Untouched", "Planned", "Edited", "Asked", "Moved", "Taken off", "Discarded"]
    plan = {"date": "12.03.2026 11:30", "channel": "Pier"}
    found = ours.imported([HEAD, line(texts[0]), *(line(text, **plan) for text in texts[1:])])
    posts = {post.text: post for post in posts_of(found)}
    edited = posts["Edited"]
    publishing.edit(edited, by=ours.lead, version=1, text="Edited!", channels=[ours.pier])
    publishing.ask_approval(posts["Asked"], by=ours.author)
    publishing.reschedule(posts["Moved"], by=ours.lead, when=datetime(2026, 3, 14, 9, 0))  # noqa: DTZ001
    publishing.cancel(posts["Taken off"], by=ours.lead)
    publishing.cancel(posts["Discarded"], by=ours.lead)
    publishing.discard(posts["Discarded"], by=ours.lead)
    undone(found, ours.lead)
    assert found.state == Import.State.UNDONE
    kept = {Post.objects.get(pk=row.post).text: row.kept_because for row in rows_of(found, "draft")}
    assert kept == {
        "Edited!": "It was changed since.",
        "Asked": "Approval was asked for it.",
        "Moved": "Its plan was changed since.",
        "Taken off": "Its plan was changed since.",
    }
    gone = Post.objects.filter(discarded_at__isnull=False).values_list("text", flat=True)
    assert set(gone) == {"Untouched", "Planned", "Discarded"}
    assert not posts["Planned"].deliveries.exclude(state="cancelled").exists()
    publishing.restore(posts["Planned"], by=ours.author)
    kinds = make.kinds_recorded(found.workspace)
    assert kinds.count("exchange.import.undone") == 1
    assert kinds.count("publishing.post.cancelled") == 3


def test_what_was_missed_stays_and_an_undo_ends_a_running_import():
    ours = world.two()
    found = ours.begun([HEAD, line("Soup"), line("Bread")])
    undone(found, ours.author)
    importing.run(found.pk)
    assert not Post.objects.exists()
    assert [row.state for row in rows_of(found)] == ["head", "waiting", "waiting"]


# --- killed ----------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.db import connection
from quarterdeck.exchange import importing
importing.CHUNK = 7
left = [int(sys.argv[3])]
def count(execute, sql, params, many, context):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return execute(sql, params, many, context)
connection.ensure_connection()
with connection.execute_wrapper(count):
    getattr(importing, sys.argv[4])(sys.argv[2])
"""


def killed_after(statements: int, found: Import, what: str) -> bool:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            KILLED,
            connection.settings_dict["NAME"],
            str(found.pk),
            str(statements),
            what,
        ],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "quarterdeck.config.settings"},
        cwd=Path(__file__).parents[3],
        check=False,
        timeout=90,
    )
    assert done.returncode in {0, -signal.SIGKILL}
    return done.returncode != 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(400)
def test_killed_in_the_middle_and_run_again_doubles_and_loses_nothing():
    ours = world.two()
    soon = (datetime.now(UTC) + timedelta(days=9)).strftime(
        "%d.%m.%Y 11:30"
    )  # the child's clock is the real one
    texts = [f"Post {n}" for n in range(40)]
    rows = [HEAD, *(line(text, date=soon, channel="Pier") for text in texts), line("", date=soon)]
    found = ours.begun(rows)
    kills = sum(killed_after(moment, found, "run") for moment in (4, 17, 40, 75))
    assert kills >= 3, "no kill came before the end"
    importing.run(found.pk)
    found.refresh_from_db()
    assert found.state == Import.State.DONE
    assert sorted(Post.objects.values_list("text", flat=True)) == sorted(texts)
    assert Delivery.objects.count() == 40
    assert [row.state for row in rows_of(found)].count("fix") == 1
    assert make.kinds_recorded(found.workspace).count("publishing.post.drafted") == 40

    verbs.undo(found, by=ours.lead)
    kills = sum(killed_after(moment, found, "run_undo") for moment in (9, 31, 55))
    assert kills, "no kill came before the end"
    importing.run_undo(found.pk)
    found.refresh_from_db()
    assert found.state == Import.State.UNDONE
    assert Post.objects.filter(discarded_at__isnull=False).count() == 40
    assert make.kinds_recorded(found.workspace).count("publishing.post.discarded") == 40


def test_the_exact_name_of_a_channel_outranks_one_that_reads_alike():
    ours = world.two()
    connect_by_hand(
        ours.lead, brand=ours.brand, network="instagram", name=ours.harbour.name.replace(" ", ".")
    )
    found = ours.imported([HEAD, line(text="Soup", channel=ours.harbour.name)])
    assert reasons(found) == {}
    assert [channel.pk for channel in posts_of(found)[0].channels.all()] == [ours.harbour.pk]
