"""The library: what is noted of a file, how it is found, what stands against using it, putting aside, folders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.registries import MediaUse, MediaUser
from quarterdeck.ledger.models import Payload
from quarterdeck.studio import agenda, intake, library_reads, offers, reads, verbs
from quarterdeck.studio.library_reads import Wish
from quarterdeck.studio.models import Card, File, Shown
from quarterdeck.studio.pixels import Box
from quarterdeck.studio.tests import pictures
from tests import make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 20)


@pytest.fixture
def mia():
    return make.member("author", name="Mia")


def kept(member, name: str = "soup.png", colour: int = 90, size: tuple[int, int] = (3, 2)) -> File:
    return intake.keep(member.workspace, pictures.png(*size, colour=colour), name)


def client_of(member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def here(member, name: str, **parts) -> str:
    return reverse(name, kwargs={"workspace": member.workspace.slug, **parts})


@pytest.fixture
def used(monkeypatch):
    """What a room above would tell: a list of uses that a test fills."""
    told: list[MediaUse] = []
    monkeypatch.setattr(registries, "media_uses", registries.Registry("media_uses"))
    room = MediaUser(
        lambda workspace_id, files: [one for one in told if one.file in files],
        lambda workspace_id: {one.file for one in told},
    )
    registries.media_uses.register("test", room)
    return told


def use(file: File, state: str = "planned", when: datetime | None = None) -> MediaUse:
    return MediaUse(file.pk.hex, "Nettle soup is back.", "/post/", state, when)


def found(member, **asked) -> set[str]:
    return {one.name for one in library_reads.shelf(member.workspace, Wish(**asked), TODAY)}


def test_what_is_noted_is_kept_found_and_recorded(mia):
    file, folder = kept(mia), verbs.make_folder(mia, name="  Spring   2026 ")
    verbs.describe(
        file,
        by=mia,
        name="Nettle soup",
        description="A bowl.",
        folder=folder.pk,
        tags=["#Soup", "soup ", "Green"],
    )
    card = Card.objects.get()
    assert (card.tags, card.folder.name, file.title) == (["green", "soup"], "Spring 2026", "Nettle soup")
    assert reads.file(mia.workspace, file.pk).alt == "A bowl."
    assert make.kinds_recorded(mia.workspace) == ["studio.folder.made", "studio.file.described"]
    for asked in (
        {"q": "NETTLE bowl"},
        {"q": "soup.png"},
        {"q": "2026"},
        {"tag": "green"},
        {"folder": folder.pk},
    ):
        assert found(mia, **asked) == {"soup.png"}, asked
    for asked in ({"q": "nettle cake"}, {"tag": "gree"}, {"kind": "tall"}, {"aside": True}):
        assert found(mia, **asked) == set(), asked
    assert [hit.title for hit in offers.search(mia, "bowl soup", 5)] == ["Nettle soup"]
    assert list(offers.search(mia, "  ", 5)) == []


def test_rights_and_kinds_are_looked_for(mia, used):
    wide, tall, plain = (
        kept(mia, "wide.png"),
        kept(mia, "tall.png", 80, (2, 3)),
        kept(mia, "plain.png", 70, (2, 2)),
    )
    verbs.license_(wide, by=mia, holder="Jo", rights_until=TODAY - timedelta(days=1))
    verbs.license_(tall, by=mia, holder="Jo", rights_until=TODAY + timedelta(days=14))
    assert found(mia, rights="ended") == {"wide.png"}
    assert found(mia, rights="soon") == {"tall.png"}
    assert found(mia, rights="unnoted") == {"plain.png"}
    assert [found(mia, kind=one) for one in ("wide", "tall", "square")] == [
        {"wide.png"},
        {"tall.png"},
        {"plain.png"},
    ]
    verbs.note_person(plain, by=mia, name="Bo")
    assert found(mia, rights="consent") == {"plain.png"}
    intake.keep_small(tall, mime="image/webp", data=b"x", frames=4)
    assert found(mia, kind="moving") == {"tall.png"}
    used.append(use(wide, "draft"))
    assert found(mia, unused=True) == {"tall.png", "plain.png"}
    File.objects.filter(pk=tall.pk).update(kept_at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    type(mia.workspace).objects.filter(pk=mia.workspace_id).update(timezone="Europe/Berlin")
    mia.workspace.refresh_from_db()
    assert found(mia, since=date(2026, 4, 1), until=date(2026, 4, 1)) == {"tall.png"}, (
        "the day of the workspace"
    )


def test_an_address_that_makes_no_sense_asks_for_everything():
    asked = {
        "q": "x\x00",
        "folder": "nonsense",
        "kind": "huge",
        "rights": "?",
        "since": "3000-01-01",
        "until": "soon",
    }
    assert library_reads.wish(asked) == Wish(q="x")
    wish = Wish(q="soup & bread", unused=True, since=date(2026, 1, 2))
    assert wish.address(page=2) == "q=soup+%26+bread&unused=1&since=2026-01-02&page=2"


def test_what_stands_against_a_file_is_said_in_sentences(mia):
    file = kept(mia)

    def ask(on: date = TODAY, **more) -> list[str]:
        return reads.concerns(mia.workspace_id, [file.pk], on, **more).get(file.pk.hex, [])

    assert ask() == []
    verbs.license_(file, by=mia, holder="Jo Photo")
    assert ask() == ["“soup.png” belongs to somebody else, and no licence is noted for it."]
    barred = {"not_on": ["tiktok", "x"], "not_on_why": "Print only."}
    verbs.license_(file, by=mia, holder="Jo Photo", rights_until=date(2026, 5, 31), **barred)
    assert ask() == []
    assert ask(date(2026, 5, 31)) == []
    assert ask(date(2026, 6, 1)) == ["The rights to “soup.png” ended on 31 May 2026."]
    assert ask(networks=["instagram"]) == []
    assert ask(networks=["tiktok", "x"]) == ["“soup.png” may not be used on TikTok and X: Print only."]
    person = verbs.note_person(file, by=mia, name="Bo")
    assert ask() == ["Somebody seen in “soup.png” has not agreed to be shown."]
    verbs.change_person(person, by=mia, name="Bo", given_on=date(2026, 5, 1), until=date(2026, 5, 19))
    assert ask() == ["Somebody seen in “soup.png” agreed to be shown only until 19 May 2026."]
    assert ask(date(2026, 5, 19)) == []
    verbs.change_person(person, by=mia, name="Bo", given_on=date(2026, 5, 1), withdrawn=True)
    assert ask() == ["Somebody seen in “soup.png” took back their consent."]
    assert reads.concerns(make.workspace().pk, [file.pk], TODAY) == {}


def test_a_cut_is_held_to_the_same_as_its_file(mia):
    file = kept(mia)
    cut = verbs.keep_cut(
        file, by=mia, place="x-wide", box=Box(0, 0, 1, 0.5), data=pictures.png(2, 1, colour=10)
    )
    assert found(mia) == {"soup.png"}, "a cut stands with its file"
    verbs.note_person(file, by=mia, name="Bo")
    told = reads.concerns(mia.workspace_id, [cut.made_id.hex], TODAY)
    assert told == {cut.made_id.hex: ["Somebody seen in “soup.png” has not agreed to be shown."]}
    intake.keep(mia.workspace, pictures.png(2, 1, colour=10), "mine.png")
    assert found(mia) == {"soup.png", "soup-x-wide.png"}, "brought by itself it stands among the others"
    again = verbs.keep_cut(
        file, by=mia, place="x-wide", box=Box(0, 0.2, 1, 0.5), data=pictures.png(2, 1, colour=20)
    )
    assert (again.pk, again.top) == (cut.pk, 0.2)
    assert again.made_id != cut.made_id
    assert File.objects.filter(pk=cut.made_id).exists(), "posts may carry the one before"


def test_the_name_of_who_is_seen_is_sealed_not_in_the_ledger_and_can_be_forgotten(mia):
    person = verbs.note_person(
        kept(mia), by=mia, name="Bo Fisher", purpose="menu", note="Paper in the office."
    )
    verbs.change_person(person, by=mia, name="Bo Fisher", given_on=TODAY, note="Paper lost.")
    assert Shown.objects.get().opened() == {"name": "Bo Fisher", "purpose": "", "note": "Paper lost."}
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sealed, 'escape') FROM studio_shown")
        assert "Fisher" not in cursor.fetchone()[0]
    assert not any(b"Fisher" in bytes(row.sealed) for row in Payload.objects.all() if hasattr(row, "sealed"))
    verbs.forget_person(person, by=mia)
    assert not Shown.objects.exists()
    assert make.kinds_recorded(mia.workspace)[-1] == "studio.person.forgotten"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_putting_aside_is_refused_while_something_planned_uses_it_and_can_be_undone(mia, used):
    file, other = kept(mia), kept(mia, "other.png", 10)
    used.append(use(file))
    with pytest.raises(Conflict, match="“Nettle soup is back.” is planned and uses “soup.png”"):
        verbs.put_aside([other, file], by=mia)
    assert found(mia) == {"soup.png", "other.png"}, "all or none"
    used[:] = [use(file, "out")]
    assert verbs.put_aside([file, other], by=mia) == 2
    assert found(mia) == set()
    assert found(mia, aside=True) == {"soup.png", "other.png"}
    told = reads.concerns(mia.workspace_id, [file.pk], TODAY)
    assert told[file.pk.hex] == ["“soup.png” was put aside, so that it is not used any more."]
    with pytest.raises(Conflict, match="in the library any more"):
        verbs.put_aside([file], by=mia)
    assert verbs.restore([file], by=mia) == 1
    assert found(mia) == {"soup.png"}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_one_whose_cut_is_planned_is_not_put_aside(mia, used):
    file = kept(mia)
    cut = verbs.keep_cut(
        file, by=mia, place="x-wide", box=Box(0, 0, 1, 0.5), data=pictures.png(2, 1, colour=10)
    )
    used.append(use(cut.made))
    with pytest.raises(Conflict, match="is planned"):
        verbs.put_aside([file], by=mia)
    assert found(mia, unused=True) == set()


def test_a_file_is_deleted_for_good_with_everything_that_was_noted_of_it(mia, used):
    file, keep = kept(mia), kept(mia, "other.png", 10)
    verbs.note_person(file, by=mia, name="Bo")
    cut = verbs.keep_cut(
        file, by=mia, place="x-wide", box=Box(0, 0, 1, 0.5), data=pictures.png(2, 1, colour=10)
    )
    verbs.describe(cut.made, by=mia, description="Cut.")
    with pytest.raises(Conflict, match="still in the library"):
        verbs.remove_for_good(file, by=mia)
    verbs.put_aside([file], by=mia)
    used.append(use(cut.made, "out"))
    with pytest.raises(Conflict, match="a post that is out, carries"):
        verbs.remove_for_good(file, by=mia)
    used.clear()
    verbs.remove_for_good(file, by=mia)
    assert [one.pk for one in File.objects.all()] == [keep.pk]
    assert not Shown.objects.exists()
    assert not Card.objects.exists()
    assert make.kinds_recorded(mia.workspace)[-1] == "studio.file.removed"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_several_are_sorted_at_once(mia):
    files = [kept(mia, f"{n}.png", n) for n in (1, 2)]
    folder = verbs.make_folder(mia, name="Spring")
    assert verbs.sort(files, by=mia, add=["soup"], folder=folder.pk) == 2
    assert found(mia, folder=folder.pk, tag="soup") == {"1.png", "2.png"}
    verbs.sort(files[:1], by=mia, out=True)
    assert found(mia, folder=folder.pk) == {"2.png"}
    with pytest.raises(Conflict, match="1 file lies in “Spring”"):
        verbs.remove_folder(folder, by=mia)
    verbs.sort(files[1:], by=mia, out=True)
    verbs.remove_folder(folder, by=mia)
    with pytest.raises(NotFound):
        verbs.sort(files, by=mia, folder=folder.pk)
    with pytest.raises(Invalid, match="Nothing was chosen"):
        verbs.sort(files, by=mia)
    with pytest.raises(Invalid, match="at most 40"):
        verbs.sort(files, by=mia, add=["x" * 41])
    elsewhere = verbs.make_folder(make.member(), name="Theirs")
    with pytest.raises(NotFound):
        verbs.describe(files[0], by=mia, folder=elsewhere.pk)
    verbs.make_folder(mia, name="Twice")
    with pytest.raises(Conflict, match="already"):
        verbs.make_folder(mia, name="Twice")


def test_the_desk_is_told_ahead_when_something_uses_the_file(mia, used):
    now = datetime(2026, 5, 20, 9, tzinfo=UTC)
    file = kept(mia)
    verbs.license_(file, by=mia, holder="Jo", rights_until=date(2026, 5, 31))
    assert list(agenda.agenda(mia, now)) == [], "nothing uses it"
    used.append(use(file, "out", now))
    [item] = agenda.agenda(mia, now)
    assert (item.kind, item.title) == ("notice", "The rights to “soup.png” end on 31 May 2026")
    used.append(use(file, "planned", datetime(2026, 6, 2, 12, tzinfo=UTC)))
    [item] = agenda.agenda(mia, now)
    assert item.kind == "decide"
    assert item.consequence == 84
    assert item.why.startswith("“Nettle soup is back.” is planned for 2 June 2026, after that.")
    assert item.due == datetime(2026, 6, 1, tzinfo=UTC)
    assert list(agenda.agenda(mia, datetime(2026, 5, 16, 9, tzinfo=UTC))) == [], "15 days ahead is too early"
    [item] = agenda.agenda(mia, datetime(2026, 8, 20, tzinfo=UTC))
    assert "ended on 31 May" in item.title
    used[:] = [use(file, "out", now)]
    assert list(agenda.agenda(mia, datetime(2026, 8, 20, tzinfo=UTC))) == [], (
        "long ended, and nothing is planned"
    )
    assert list(agenda.agenda(make.member("observer", of=mia.workspace), now)) == []


def test_a_consent_that_is_taken_back_stands_on_the_desk(mia, used):
    file = kept(mia)
    person = verbs.note_person(file, by=mia, name="Bo", given_on=TODAY)
    used.append(use(file, "planned", clock.now() + timedelta(days=1)))
    assert list(agenda.agenda(mia, clock.now())) == []
    verbs.change_person(person, by=mia, name="Bo", given_on=TODAY, withdrawn=True)
    [item] = agenda.agenda(mia, clock.now())
    assert "A consent for “soup.png” was taken back on" in item.title
    assert "Bo" not in item.title + item.why


# --- pages --------------------------------------------------------------------------------------------


def test_names_are_read_by_those_who_may(mia):
    file = kept(mia)
    verbs.note_person(file, by=mia, name="Bo Fisher", note="Paper in the office.")
    page = here(mia, "studio-card", pk=file.pk)
    assert "Bo Fisher" in client_of(mia).get(page).content.decode()
    seen = client_of(make.member("observer", of=mia.workspace)).get(page).content.decode()
    assert "Fisher" not in seen
    assert "office" not in seen
    assert "has not agreed to be shown" in seen


def test_forms_say_what_is_wrong_and_keep_what_was_typed(mia):
    file, client = kept(mia), client_of(mia)
    page = here(mia, "studio-card", pk=file.pk)
    answer = client.post(here(mia, "studio-card-describe", pk=file.pk), {"name": "Soup", "tags": "x" * 41})
    assert answer.status_code == 422
    assert "at most 40 characters" in answer.content.decode()
    assert 'value="Soup"' in answer.content.decode()
    answer = client.post(
        here(mia, "studio-person-note", pk=file.pk),
        {"new-name": "Bo", "new-given_on": "2026-05-02", "new-until": "2026-05-01"},
    )
    assert answer.status_code == 422
    assert "before they agreed" in answer.content.decode()
    said = {"holder": "Jo", "rights_until": "2026-05-31", "not_on": ["tiktok"], "licence": "Web."}
    assert client.post(here(mia, "studio-card-rights", pk=file.pk), said)["Location"] == f"{page}#rights"
    assert Card.objects.get().not_on == ["tiktok"]


def test_putting_aside_offers_its_undo(mia):
    file, client = kept(mia), client_of(mia)
    library = here(mia, "studio-library")
    client.post(here(mia, "studio-aside"), {"file": file.pk.hex, "next": library})
    text = client.get(library).content.decode()
    undo = f"{here(mia, 'studio-restore')}?file={file.pk.hex}"
    assert undo in text
    client.post(undo)
    assert found(mia) == {"soup.png"}
    other = kept(make.member(), "theirs.png")
    assert client.post(here(mia, "studio-aside"), {"file": other.pk.hex}).status_code == 404
    assert client.post(here(mia, "studio-aside"), {"file": "nonsense"}).status_code == 422


def test_the_composer_chooses_from_the_library(mia):
    file, client = kept(mia), client_of(mia)
    verbs.describe(file, by=mia, name="Nettle soup", description='A "bowl".', tags=["soup"])
    kept(mia, "cake.png", 20)
    part = client.get(here(mia, "studio-file-choose"), {"q": "nettle"}).content.decode()
    assert "<html" not in part
    assert f'data-file="{file.pk.hex}"' in part
    assert 'data-alt="A &quot;bowl&quot;."' in part
    assert part.count("data-choose") == 1
    told = client.get(here(mia, "studio-file-choose"), headers={"accept": "application/json"}).json()
    assert {one["name"] for one in told["files"]} == {"Nettle soup", "cake.png"}
    soup = next(one for one in told["files"] if one["file"] == file.pk.hex)
    assert (soup["alt"], soup["concerns"], soup["cuts"]) == ('A "bowl".', [], [])
    cut = verbs.keep_cut(
        file, by=mia, place="x-wide", box=Box(0, 0, 1, 0.5), data=pictures.png(2, 1, colour=10)
    )
    told = client.get(here(mia, "studio-file-choose"), headers={"accept": "application/json"}).json()
    [given] = [one["cuts"] for one in told["files"] if one["file"] == file.pk.hex][0]
    assert (given["file"], given["alt"]) == (cut.made_id.hex, 'A "bowl".')


def test_a_small_picture_is_kept_by_browsers_once_it_is_made(mia):
    file, client = kept(mia), client_of(mia)
    at = here(mia, "studio-file-small", pk=file.pk)
    first = client.get(at)
    assert (first.content, first["Cache-Control"]) == (pictures.png(), "private, no-cache")
    intake.keep_small(file, mime="image/webp", data=b"small")
    then = client.get(at)
    assert (then.content, then["Content-Type"]) == (b"small", "image/webp")
    assert "immutable" in then["Cache-Control"]
    assert first["ETag"] != then["ETag"]
    assert client.get(at, headers={"if-none-match": then["ETag"]}).status_code == 304
