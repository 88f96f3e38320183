"""What is drafted comes from one's own acts, in the same words each time, and is asked for by oneself alone."""

from __future__ import annotations

import ast
import functools
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import quarterdeck
from quarterdeck import ledger
from quarterdeck.channels.models import RemotePost, Snapshot
from quarterdeck.core import clock, ids, registries
from quarterdeck.core.deeds import Deed, listed
from quarterdeck.exchange.models import Import, Row
from quarterdeck.ideas import verbs as ideas
from quarterdeck.ideas.rows import Found
from quarterdeck.leadership import choosing, drafting, intake, verbs
from quarterdeck.leadership.tests import life
from quarterdeck.planning.models import Watch
from quarterdeck.planning.verbs import series
from quarterdeck.publishing.models import Delivery, Settlement
from quarterdeck.publishing.verbs import holds
from quarterdeck.review import verbs as review
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures
from quarterdeck.studio.verbs import cards
from tests import make

NEXT = datetime.fromisoformat("2026-12-07T09:00")
PACKAGE = Path(quarterdeck.__file__).parent


@functools.cache
def code() -> list[tuple[str, ast.Module]]:
    every = [p for p in PACKAGE.rglob("*.py") if "tests" not in p.parts and "migrations" not in p.parts]
    return [(str(p.relative_to(PACKAGE)), ast.parse(p.read_text())) for p in every]


def test_the_registry_of_deeds_is_asked_in_one_place_and_filled_by_the_wiring():
    for name, tree in code():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "deeds":
                used = getattr(node.value, "id", "")
                if used == "registries":
                    assert name == "leadership/drafting.py" or name.startswith("config/wiring/"), name
            if isinstance(node, ast.ImportFrom):
                taken = {alias.name for alias in node.names}
                if "deeds" in taken and node.module != "quarterdeck.core":
                    assert name.startswith("config/wiring/"), f"{name} imports a room's deeds"
                if node.module == "quarterdeck.core.registries":
                    assert "deeds" not in taken, name


def test_a_week_is_drafted_only_for_whoever_is_signed_in():
    calls = []
    for name, tree in code():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "quarterdeck.leadership.drafting":
                pytest.fail(f"{name} takes a function out of the module: then this test cannot see its calls")
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "drafting":
                assert name == "leadership/views/week.py", name
            called = isinstance(node, ast.Call) and ast.unparse(node.func) == "drafting.drafted"
            if called:
                calls.append(ast.unparse(node.args[0]))
    assert set(calls) == {"request.user"}
    assert len(calls) == 3


def test_the_ledger_is_asked_for_ones_own_events_by_deeds_alone():
    found = set()
    for name, tree in code():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("quarterdeck.ledger"):
                taken = {f"{node.module}.{alias.name}." for alias in node.names}
                if any(one.startswith("quarterdeck.ledger.own.") for one in taken):
                    found.add(name)
    rooms = ("accountability", "consent", "desk", "lessons", "review", "stakeholders", "strategy", "studio")
    assert found == {*(f"{room}/deeds.py" for room in rooms), "stakeholders/deeds_consults.py"}


@pytest.mark.django_db
def test_the_pages_ask_every_room_with_the_signed_in_member_and_nobody_else(monkeypatch):
    lived = life.lived()
    asked = []
    for name, provider in list(registries.deeds):

        def spy(me, since, until, provider=provider):
            asked.append(me.pk)
            return provider(me, since, until)

        monkeypatch.setitem(registries.deeds._entries, name, spy)
    client = Client()
    client.force_login(lived.ada.user)
    with clock.at(life.FRIDAY):
        for member in (lived.ada, lived.bea):
            intake.switch_on(member.user)
        root = reverse("leadership-week", kwargs={"workspace": lived.ada.workspace.slug})
        assert client.get(root).status_code == 200
        client.get(reverse("desk", kwargs={"workspace": lived.ada.workspace.slug}))
        client.post(reverse("leadership-keep-all", kwargs={"workspace": lived.ada.workspace.slug}))
    assert set(asked) == {lived.ada.pk}
    assert len(asked) == 2 * len(list(registries.deeds))


@pytest.mark.django_db
def test_a_post_that_went_out_is_told_with_the_newest_number_a_network_gave():
    lived = life.lived()
    row = Delivery.objects.get()
    assert life.drafted(lived.ada) == [
        "You wrote “Nettle soup is back.” for Harbour Kitchen. It went out on Sandbox on Monday at 09:00."
    ]
    remote = RemotePost.objects.create(
        channel=row.channel, remote_id=row.remote_id, posted_at=row.ended_at, ours=True
    )
    taken = row.ended_at + timedelta(hours=24)
    Snapshot.objects.create(
        post=remote,
        channel=row.channel,
        age_hours=24,
        due_at=taken,
        latest_at=taken,
        taken_at=taken,
        counts={"likes": 0, "replies": 1204},
    )
    (told,) = life.drafted(lived.ada)
    assert told.endswith(f"at {row.ended_at:%H:%M}; at an age of 24 h, Sandbox counted 1,204 replies.")
    assert life.drafted(lived.ada) == [told]  # the same each time


@pytest.mark.django_db
def test_each_person_is_told_their_own_part():
    lived = life.lived()
    assert [t[:10] for t in life.drafted(lived.ada)] == ["You wrote "]
    assert life.drafted(lived.bea) == ["You read and approved “Nettle soup is back.” for Harbour Kitchen."]
    assert life.drafted(make.member("owner", of=lived.ada.workspace, name="Cem")) == []


@pytest.mark.django_db
def test_every_room_tells_of_its_own():
    lived = life.lived()
    ada, bea = lived.ada, lived.bea
    with clock.at(life.MONDAY + timedelta(days=1)):
        hold = holds.place(bea, reason="A recall")
        holds.lift(hold, by=bea, decisions={})
        idea = ideas.keep(ada, Found(title="Nettles for winter"))
        ideas.promote(idea, by=ada)
        said = review.comment(lived.post, by=bea, text="Warmer, please.")
        review.reply(said, by=ada, text="Yes.")
        review.resolve(said, by=ada)
        file = studio.keep(ada.workspace, pictures.png(40, 30), "soup.png")
        cards.describe(file, by=ada, name="Soup", description="A bowl.", tags=[], source="")
        series.begin_series(lived.post, by=ada, frequency="weekly", begins=NEXT)
    told = " ".join(life.drafted(ada))
    for words in (
        "made a post of the idea “Nettles for winter”",
        "answered a comment on “Nettle soup is back.”",
        "saw to a comment on “Nettle soup is back.”",
        "described a picture in the library",
        "set up “Nettle soup is back.” to come again by itself",
    ):
        assert words in told, told
    assert "Bea" not in told
    hers = life.drafted(bea)
    assert "You put everything on hold. From then on nothing more was sent. The reason: “A recall”." in hers
    assert not [
        one for one in hers if "described" in one or "saw to" in one
    ]  # the ledger tells each their own


@pytest.mark.django_db
def test_what_was_settled_posted_by_hand_watched_and_imported_is_told():
    lived = life.lived()
    ada, post, row = lived.ada, lived.post, lived.post.deliveries.get()
    when, act = life.MONDAY + timedelta(days=1), {"ledger_event_id": ids.new()}
    event = act["ledger_event_id"]
    ledger.record(
        "publishing.delivery.settled", actor=ada, about=row, fields={"how": "moved"}, event_id=event
    )
    Settlement.objects.create(delivery=row, how="moved", settled_by=ada, settled_at=when, **act)
    Watch.objects.create(
        workspace=ada.workspace,
        post=post,
        member=ada,
        due_at=row.due_at,
        named_by=lived.bea,
        named_at=when,
        **act,
    )
    Delivery.objects.filter(pk=row.pk).update(said_by=ada, **act)
    sheet = Import.objects.create(
        workspace=ada.workspace, by=ada, name="autumn.xlsx", state="done", received_at=when, ended_at=when,
        moved_at=when, **act,
    )  # fmt: skip
    Row.objects.bulk_create(
        [Row(of=sheet, number=n, cells=[], state=s) for n, s in enumerate(("draft", "draft", "fix"))]
    )
    told = life.drafted(ada)
    for words in (
        "You saw to “Nettle soup is back.” for Harbour Kitchen: nobody could tell whether it was out on Sandbox. "
        "It was given another time.",
        "You had the watch for the first comments on “Nettle soup is back.” for Harbour Kitchen.",
        "You posted “Nettle soup is back.” by hand on Sandbox for Harbour Kitchen.",
        "You brought the plan of “autumn.xlsx” in from its spreadsheet. It became 2 drafts, ready to be read",
    ):
        assert any(one.startswith(words) for one in told), (words, told)


@pytest.mark.django_db
def test_a_works_agreement_closes_the_source():
    lived = life.lived()
    assert life.drafted(lived.ada)
    verbs.make_agreement(make.member("owner", of=lived.ada.workspace, name="Cem"))
    assert life.drafted(lived.ada) == []


@pytest.mark.django_db
def test_a_room_that_fails_is_named_and_takes_nothing_else_away(monkeypatch):
    lived = life.lived()

    def broken(*_):
        raise RuntimeError("no")

    monkeypatch.setitem(registries.deeds._entries, "ideas", broken)
    with clock.at(life.FRIDAY):
        found = drafting.drafted(lived.ada.user, life.WEEK)
    assert found.silent == ["ideas"]
    assert found.deeds


# --- choosing -------------------------------------------------------------------------------------------


def deed(key: str, kind: str = "execution", weight: int = 50, day: int = 0) -> Deed:
    return Deed(key, kind, life.MONDAY + timedelta(days=day), f"did {key}", weight=weight)


def test_a_week_has_each_kind_before_more_of_one():
    every = [deed(f"p{n}", weight=59 - n, day=n % 5) for n in range(6)]
    every += [deed("a", "together", 30), deed("s", "hats", 20)]
    chosen = choosing.week(every)
    assert {d.key for d in chosen} == {"p0", "a", "s"}
    assert [d.when for d in chosen] == sorted(d.when for d in chosen)
    assert len(choosing.week([deed(f"p{n}", weight=40) for n in range(9)])) == 3
    assert len(choosing.week([deed(f"p{n}", weight=70) for n in range(9)])) == 5
    assert choosing.week(list(reversed(every))) == chosen
    assert choosing.week([]) == []


def test_a_deed_of_no_known_kind_is_refused():
    with pytest.raises(ValueError, match="seven kinds"):
        deed("x", "charisma")


def test_a_deed_has_nothing_to_measure_a_person_by():
    assert set(Deed.__slots__) == {
        "key", "kind", "when", "did", "for_whom", "result", "weight", "url", "event_ids", "others",
    }  # fmt: skip


def test_names_are_listed_once():
    assert listed(["a", "b", "a"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed("abcde") == "a, b, c and 2 more"
    assert listed(["a"]) == "a"
