"""Nobody finds a private week but its person: no role, no page, no search, no palette, no Desk, no export, no ledger,
no notice. What one person wrote is looked for in everything that another can open.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from quarterdeck.config.urls import workspace_route_names
from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Invalid
from quarterdeck.core.registries import ExportTable
from quarterdeck.crew.models import Member, Notification
from quarterdeck.crew.permissions import Role
from quarterdeck.desk import verbs as desk
from quarterdeck.leadership import agenda, intake, reads, verbs
from quarterdeck.leadership.models import Keeping, Sheet
from quarterdeck.leadership.tests import life
from quarterdeck.leadership.tests.test_week import signed_in, url
from quarterdeck.ledger.models import Entry, Payload, Pending
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from tests import make, samples

pytestmark = pytest.mark.django_db
SECRET = "walrus"
PAGES = (
    ("week", f"?week={life.WEEK}"),
    ("month", "?of=2026-11"),
    ("year", "?of=2026"),
    ("settings", ""),
    ("description", ""),
)
FORMS = [
    "add",
    "keep",
    "keep-all",
    "drop",
    "bring-back",
    "edit",
    "finish",
    "put-off",
    "month-choice",
    "year-choice",
    "year-opening",
    "on",
]
WRITTEN = f"I carried the {SECRET} across."


def others(ada: Member) -> list[Member]:
    """Somebody in each role, and an observer who owns the installation."""
    found = [make.member(role, of=ada.workspace, name=f"B {role}") for role in Role.values]
    keeper = make.member(Role.OBSERVER, of=ada.workspace, name="Keeper")
    keeper.user.owns_installation = True
    keeper.user.save()
    return [*found, keeper]


def keeps(name: str = "Ada") -> tuple[Member, str]:
    """Ada, who has a week, a month and a year, and the id of her sentence."""
    ada = make.member("author", name=name)
    line = life.kept(ada, WRITTEN)
    intake.choose_for_month(ada.user, reads.lines.month_of(life.WEEK), line, there=True)
    intake.choose_for_year(ada.user, 2026, line, there=True)
    intake.open_year(ada.user, 2026, f"A year of the {SECRET}.")
    return ada, line


def everything(client: Client, post: Post) -> str:
    """Whatever the workspace's addresses that name no object answer to this person, and the page of a post."""
    here = {"workspace": post.workspace.slug}
    named = [name for name in workspace_route_names() if name not in samples.SAMPLES]
    addresses = [reverse(name, kwargs=here) for name in named]
    addresses.append(reverse("publishing-post", kwargs=here | {"pk": post.pk}))
    said = []
    for address in addresses:
        answer = client.get(address + f"?q={SECRET[:4]}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said.append(body.decode("utf-8", "replace"))
    return " ".join(said)


def test_no_page_that_another_can_open_says_a_word_of_it():
    ada, _ = keeps()
    owner = make.member(Role.OWNER, of=ada.workspace, name="Owner")
    owner.user.owns_installation = True  # whoever sees most
    owner.user.save()
    post = publishing.draft(ada, brand=ada.workspace.brands.get(), text="Soup.", channels=[])
    with clock.at(life.FRIDAY):
        said = everything(signed_in(owner), post)
        assert len(said) > 100_000
        assert SECRET not in said
        assert (
            SECRET in signed_in(ada).get(url("week", ada)).content.decode()
        )  # the search above would find it


def test_each_role_meets_only_their_own():
    ada, line = keeps()
    with clock.at(life.FRIDAY):
        for on, bea in enumerate(others(ada)):  # the owner keeps none
            if on:
                intake.switch_on(bea.user)
            client = signed_in(bea)
            for name, query in (
                ("week", f"?week={life.WEEK}"),
                ("month", "?of=2026-11"),
                ("year", "?of=2026"),
                ("settings", ""),
                ("description", ""),
            ):
                answer = client.get(url(name, ada, query), follow=True)
                assert answer.status_code == 200
                assert SECRET not in answer.content.decode()
            for name in ("shell-search", "shell-palette"):
                said = client.get(
                    reverse(name, kwargs={"workspace": ada.workspace.slug}) + f"?q={SECRET}"
                ).content
                assert b"carried" not in said
            assert client.get(reverse("leadership-mine-file") + "?of=2026").status_code == 404
            assert SECRET not in client.get(reverse("leadership-mine")).content.decode()
            refused = 404 if on else 409
            for name, query, form in (
                ("edit", f"?week={life.WEEK}", {"line": line, "text": "Mine now."}),
                ("drop", f"?week={life.WEEK}", {"line": line}),
                ("month-choice", "?of=2026-11", {"line": line, "there": "no"}),
                ("year-choice", "?of=2026", {"line": line, "there": "no"}),
            ):
                assert client.post(url(name, ada, query), form).status_code in {refused, 404}
    assert [one.text for one in reads.week(ada.user, life.WEEK).lines] == [WRITTEN]
    assert reads.year(ada.user, 2026).opening == f"A year of the {SECRET}."


def test_the_ledger_the_notices_and_the_full_export_know_nothing_of_it():
    ada = make.member("author")
    others(ada)
    before = [model.objects.count() for model in (Pending, Entry, Payload, Notification)]
    client = signed_in(ada)
    with clock.at(life.FRIDAY):
        client.post(url("on", ada))
        line = life.kept(ada, WRITTEN)
        for name, form in (
            ("edit", {"line": line, "text": WRITTEN}),
            ("put-off", {}),
            ("finish", {}),
            ("drop", {"line": line}),
            ("off", {"what": "keep"}),
            ("on", {}),
            ("offer-away", {}),
        ):
            assert client.post(url(name, ada), form).status_code == 302, name
        life.kept(ada, WRITTEN)
    assert [model.objects.count() for model in (Pending, Entry, Payload, Notification)] == before
    for name, entry in registries.exports:
        if isinstance(entry, ExportTable):
            said = str(list(entry.rows(ada.workspace)))
            assert SECRET not in said, name
            assert "on_since" not in said


def test_no_table_holds_the_words_and_no_row_says_when_they_were_written():
    keeps()
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{SECRET}%"])
            assert cursor.fetchone()[0] == 0, table
    assert {field.name for field in Sheet._meta.fields} == {"id", "user", "kind", "begins", "sealed"}


def test_no_room_refers_to_a_persons_rows_and_no_admin_shows_them():
    assert not list(Keeping._meta.related_objects) + list(Sheet._meta.related_objects)
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


# --- the Desk -------------------------------------------------------------------------------------------


def items(member: Member, now) -> list:
    return list(agenda.agenda(member, now))


@pytest.mark.parametrize(
    ("zone", "hours", "there"),
    [
        ("UTC", -2, False),  # Friday 12:00
        ("UTC", -1, True),
        ("UTC", 57, True),  # Sunday 23:00
        ("UTC", 58, False),  # Monday
        ("America/New_York", 3, False),  # Friday 12:00 there
        ("America/New_York", 4, True),
        ("UTC", -24, False),
    ],
)
def test_on_friday_from_13_until_monday_where_the_person_is(zone, hours, there):
    ada = make.member("author")
    ada.user.timezone = zone
    ada.user.save()
    now = life.FRIDAY + timedelta(hours=hours)
    assert items(ada, now) == []
    intake.switch_on(ada.user)
    assert bool(items(ada, now)) is there


def test_it_can_be_put_off_and_be_done_with_and_leaves_no_trace():
    ada = make.member("author")
    intake.switch_on(ada.user)
    client = signed_in(ada)
    desk_page = reverse("desk", kwargs={"workspace": ada.workspace.slug})
    with clock.at(life.FRIDAY):
        said = client.get(desk_page).content.decode()
        assert "Your week, ten minutes" in said
        assert f'href="{url("week", ada)}?week={life.WEEK}" data-key="e"' in said
        assert "Snooze…" not in said.split("Your week, ten minutes")[1].split("</li>")[0]
        (item,) = items(ada, life.FRIDAY)
        later, away = item.actions[1:]
        client.post(later.url, {"next": desk_page})
        assert items(ada, life.FRIDAY) == []
        assert items(ada, life.FRIDAY + timedelta(days=1)) != []
        client.post(away.url, {"next": desk_page})
        assert items(ada, life.FRIDAY + timedelta(days=1)) == []
        assert items(ada, life.FRIDAY + timedelta(days=7)) != []


def test_the_desk_refuses_to_write_it_down_or_hand_it_over():
    ada = make.member("author")
    bea = make.member("lead", of=ada.workspace, name="Bea")
    intake.switch_on(ada.user)
    (item,) = items(ada, life.FRIDAY)
    with clock.at(life.FRIDAY):
        for act in (
            lambda: desk.done(ada, [item.key]),
            lambda: desk.snooze(ada, [item.key], until=life.FRIDAY + timedelta(days=1)),
            lambda: desk.hand_over(ada, [item.key], to=bea),
        ):
            with pytest.raises(Invalid, match="yours alone"):
                act()
    assert make.kinds_recorded(ada.workspace) == []


def test_it_is_offered_on_one_friday_and_never_again():
    ada = make.member("author")
    Member.objects.filter(pk=ada.pk).update(joined_at=life.FRIDAY - timedelta(days=9))
    ada.refresh_from_db()
    for days, hours, there in ((-7, 0, False), (0, -2, False), (0, 0, True), (1, 0, False), (7, 0, False)):
        with clock.at(life.FRIDAY + timedelta(days=days, hours=hours)):
            assert (agenda.offer(ada) is not None) is there
    with clock.at(life.FRIDAY):
        desk_page = reverse("desk", kwargs={"workspace": ada.workspace.slug})
        assert "seen by nobody but you" in signed_in(ada).get(desk_page).content.decode()
        signed_in(ada).post(url("offer-away", ada), {"next": desk_page})
        assert agenda.offer(ada) is None


# --- a works agreement ----------------------------------------------------------------------------------


def test_a_works_agreement_closes_all_of_it_here_and_says_so_and_leaves_what_is_theirs():
    ada, line = keeps()
    owner = make.member(Role.OWNER, of=ada.workspace, name="Cem")
    client, page = signed_in(ada), url("agreement", ada)
    assert client.post(page, {"stands": "yes"}).status_code == 403
    assert signed_in(owner).post(page, {"stands": "yes"}).status_code == 302
    assert make.kinds_recorded(ada.workspace) == ["leadership.agreement.made"]
    with clock.at(life.FRIDAY):
        assert items(ada, life.FRIDAY) == []
        assert agenda.offer(ada) is None
        for name in ("week", "month", "year"):
            said = client.get(url(name, ada)).content.decode()
            assert "works agreement" in said
            assert SECRET not in said
        for name in FORMS:
            assert client.post(url(name, ada), {"line": line}).status_code == 409, name
    assert SECRET in client.get(reverse("leadership-mine-file") + "?of=2026").content.decode()
    printed = client.get(url("description", ada)).content.decode()
    for words in ("Processing description", "Who has access", "impact assessment"):
        assert words in printed
    signed_in(owner).post(page, {"stands": "no"})
    assert make.kinds_recorded(ada.workspace)[-1] == "leadership.agreement.ended"
    assert SECRET in client.get(url("week", ada, f"?week={life.WEEK}")).content.decode()


def test_an_agreement_elsewhere_closes_nothing_here():
    ada, _ = keeps()
    verbs.make_agreement(make.member(Role.OWNER, name="Cem"))
    with clock.at(life.FRIDAY):
        assert SECRET in signed_in(ada).get(url("week", ada)).content.decode()
