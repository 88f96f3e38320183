"""With a lead's rights nobody can learn how a colleague works: on no page, and in nothing that leaves as a file, does a
person stand beside the time of something they did.

The truth is asked of the ledger: who acted, and when. Every address of a workspace in which people of one role worked
is then opened by a lead who did nothing, and read in its smallest statements (an item of a list, a row, a paragraph, an
object of JSON, a row of a table, an event of a calendar): none may hold somebody's name, address, id or pseudonym
together with the instant of an act of theirs. What is allowed all the same is `ALLOWED`, with its reason.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, registries
from quarterdeck.crew.models import Member, User, Workspace
from quarterdeck.crew.permissions import Role
from quarterdeck.exchange import exporting
from quarterdeck.exchange.verbs import exports as export_verbs
from quarterdeck.ideas import verbs as idea_verbs
from quarterdeck.ideas.models import State
from quarterdeck.ideas.rows import Found
from quarterdeck.ledger import reads as ledger_reads
from quarterdeck.ledger import sequencer
from quarterdeck.ledger.models import Entry, Payload, Pending, Subject
from quarterdeck.publishing import verbs
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.verbs import by_hand, holds, holds_outside, labels
from quarterdeck.review import verbs as review
from tests import make
from tests.samples import SAMPLES, publishing
from tests.samples.channels import _channel
from tests.test_routes import IN_WORKSPACE

pytestmark = pytest.mark.django_db

BEGAN = datetime(2026, 3, 9, 6, 1, 7, tzinfo=UTC)  # no plan and no rule has these seconds
READ = BEGAN + timedelta(days=9)

# What holds a name beside a time and may, each with its reason.
ALLOWED = {
    "comments": "Names stand on comments and answers, as in any conversation; each was written to be read by name.",
    "told of comments": "A notification says who wrote the comment it tells of: it is the conversation itself.",
    "owned": "Who sees to a mistake now stands beside the time it was first noticed, which is no act of theirs.",
    "joined": "The table of people in the export says since when somebody is here, which is no work.",
}
_CONVERSATION = re.compile(r"commented on|answered on|suggests other words in")


@dataclass
class Told:
    """Everything one statement says, and where it stands."""

    where: str
    words: str


# --- the world ----------------------------------------------------------------------------------------


@dataclass
class World:
    workspace: Workspace
    reader: Member
    one: Member
    two: Member
    here: dict[str, list[dict]] = field(default_factory=dict)  # addresses of what these two worked on

    def note(self, name: str, **parts) -> None:
        self.here.setdefault(name, []).append(parts)


@pytest.fixture
def world(monkeypatch) -> World:
    """Two owners who worked, each act in a second of its own, and everything that samples make; a lead reads."""
    numbers = count(1)

    def user(name: str = "", **fields) -> User:
        number = next(numbers)
        return User.objects.create_user(
            name=f"Qvirin{number}q Zzorn", email=f"qvirin{number}q@example.org", **fields
        )

    monkeypatch.setattr(make, "user", user)
    minutes = count(0)

    def act(what: Callable):
        with clock.at(BEGAN + timedelta(minutes=7 * next(minutes))):
            return what()

    workspace = act(make.workspace)
    one, two = (act(lambda: make.member(Role.OWNER, of=workspace)) for _ in range(2))
    made = World(workspace, act(lambda: make.member(Role.LEAD, of=workspace)), one, two)
    _work(made, act)
    for route in IN_WORKSPACE:
        if route.name in SAMPLES:
            made.note(route.name, **act(lambda name=route.name: SAMPLES[name](workspace)))
    with connection.cursor() as cursor:  # as a commit would: rows are held against events that still wait
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    sequencer.sequence_all()
    return made


def _work(w: World, act: Callable) -> None:
    """Posts that go back and forth between the two, a hold, an idea, a post by hand."""
    one, two = w.one, w.two
    channel = act(lambda: _channel(w.workspace))
    _a_post(w, act, channel, one, two)
    _a_post(w, act, channel, two, one)
    handed = act(lambda: publishing._handed(w.workspace))
    act(lambda: by_hand.say_out(handed, by=one))
    w.note("publishing-by-hand", pk=handed.pk)
    w.note("publishing-post", pk=handed.post_id)
    hold = act(lambda: holds.place(one, reason="A storm."))
    item = act(lambda: holds_outside.add_outside(two, title="The newsletter"))
    act(lambda: holds_outside.tick(hold, by=two, outside=item))
    w.note("publishing-hold", pk=hold.pk)
    act(lambda: holds.lift(hold, by=two, decisions={}))
    act(lambda: labels.make_label(two, name="Claims"))


def _a_post(w: World, act: Callable, channel: Channel, author: Member, other: Member) -> None:
    post = act(lambda: verbs.draft(author, brand=channel.brand, text="Nettle soup.", channels=[channel]))
    act(lambda: verbs.ask_approval(post, by=author))
    act(lambda: verbs.return_(post, by=other, reason="Warmer, please."))
    act(lambda: _edit(post, author))
    act(lambda: verbs.ask_approval(post, by=author))
    act(lambda: verbs.approve(post, by=other, text_hash=_fresh(post).text_hash, note="Good."))
    said = act(lambda: review.comment(post, by=other, text="Really good."))
    act(lambda: review.reply(said, by=author, text="Thank you."))
    act(lambda: review.resolve(said, by=other))
    idea = act(lambda: idea_verbs.keep(author, Found(title="Soup in forty seconds")))
    act(lambda: idea_verbs.move(idea, by=other, to=State.BRIEF))
    for name in ("publishing-post", "publishing-post-life", "review-versions", "review-comments"):
        w.note(name, pk=post.pk)
    w.note("ideas-idea", pk=idea.pk)


def _fresh(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def _edit(post: Post, by: Member) -> None:
    now = _fresh(post)
    verbs.edit(now, by=by, text="Warm nettle soup.", channels=list(now.channels.all()), version=now.version)


# --- who did what when, and what betrays it ------------------------------------------------------------


@dataclass
class Betrayals:
    """What names each other person, and what tells the instants of their acts, as it may stand in a text."""

    named: dict[str, str] = field(default_factory=dict)  # a name, address or id -> whose
    timed: dict[str, set[str]] = field(default_factory=dict)  # an instant as written -> who acted then

    def in_(self, words: str) -> tuple[str, str] | None:
        """Somebody who is named beside an instant of an act of theirs, and that instant."""
        people = {self.named.get(found) for found in _NAMED.findall(words)} - {None}
        if people:
            for found in _TIMED.findall(words):
                if mine := people & self.timed.get(found, set()):
                    return min(mine), found
        return None


_NAMED = re.compile(r"[Qq]virin\d+q|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")
_TIMED = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\d{8}T\d{4}|\d{10}|\d{1,2} [A-Z][a-z]+(?: \d{4})?, \d\d:\d\d|\d\d:\d\d:\d\d"
)


def _betrayals(w: World) -> Betrayals:
    found = Betrayals()
    for member in w.workspace.members.exclude(pk=w.reader.pk).select_related("user"):
        subject = Subject.objects.filter(workspace_id=w.workspace.pk, person_id=member.pk).first()
        if subject is None:
            continue
        events = Payload.objects.filter(subject=subject.pseudonym, part=1).values("event_id")
        times = {
            row.recorded_at for model in (Entry, Pending) for row in model.objects.filter(event_id__in=events)
        }
        who, ids = str(member), [member.pk, member.user_id, subject.pseudonym]
        names = [who.split()[0], who.split()[0].lower(), *map(str, ids), *(one.hex for one in ids)]
        found.named |= dict.fromkeys(names, who)
        for at in times:
            for words in _renderings(datetime.fromtimestamp(at, UTC)):
                found.timed.setdefault(words, set()).add(who)
    return found


def _renderings(at: datetime) -> Iterator[str]:
    """How an instant may be written: ISO, as in a calendar file, as a number, or as an hour of that day."""
    yield f"{at:%Y-%m-%dT%H:%M}"
    yield f"{at:%Y-%m-%d %H:%M}"
    yield f"{at:%Y%m%dT%H%M}"
    yield str(int(at.timestamp()))
    yield f"{at.day} {at:%b}, {at:%H:%M}"
    yield f"{at.day} {at:%B %Y, %H:%M}"
    yield f"{at:%H:%M:%S}"


# --- the smallest statements of an answer --------------------------------------------------------------

_WHOLE = {"li", "tr", "article", "figure", "dialog"}
_SMALL = {"p", "h1", "h2", "h3", "div", "section", "header", "td", "label", "legend", "summary", "dt", "dd"}
_VOID = {"input", "img", "br", "meta", "link", "hr", "source", "track", "wbr"}
_LEFT_OUT = {"select", "script", "style"}  # a choice of everybody tells nothing of anybody


class _Page(HTMLParser):
    """The statements of a page: each item, row or article whole, else each paragraph."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where, self.told = where, []
        self._open: list[tuple[str, bool, list[str]]] = []  # tag, left out, words since

    def handle_starttag(self, tag, attrs) -> None:
        given = dict(attrs)
        spoken = "comments" in ALLOWED and "comments" in (given.get("class") or "").split()
        out = tag in _LEFT_OUT or spoken
        if tag not in _VOID:
            self._open.append((tag, out, []))
        self.handle_data(" ".join(f" {value} " for name, value in attrs if value and name != "class"))

    def handle_data(self, data) -> None:
        if not any(out for _, out, _ in self._open):
            for _, _, words in self._open:
                words.append(data)

    def handle_endtag(self, tag) -> None:
        while self._open and tag in {one[0] for one in self._open}:
            name, _, words = self._open.pop()
            inside = any(one in _WHOLE for one, _, _ in self._open)
            if name in _WHOLE or (name in {"p", "h1", "h2", "h3", "td", "dd"} and not inside):
                self.told.append(Told(self.where, " ".join(words)))
            if name == tag:
                return


def _statements(where: str, kind: str, body: bytes) -> Iterator[Told]:
    if "html" in kind:
        page = _Page(where)
        page.feed(body.decode())
        page.close()
        yield from page.told
    elif "json" in kind:
        yield from (Told(where, json.dumps(one)) for one in _objects(json.loads(body)))
    elif "csv" in kind:
        rows = csv.reader(io.StringIO(body.decode("utf-8-sig")))
        yield from (Told(where, " ".join(row)) for row in rows)
    elif "zip" in kind or "sheet" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as found:
            for name in found.namelist():
                inner = {"json": "json", "csv": "csv"}.get(name.rsplit(".", 1)[-1], "text")
                yield from _statements(f"{where} {name}", inner, found.read(name))
    elif "calendar" in kind:
        yield from (Told(where, one) for one in body.decode().split("BEGIN:VEVENT"))
    else:
        yield from (Told(where, line.decode("utf-8", "replace")) for line in body.split(b"\n"))


def _objects(found) -> Iterator[object]:
    """Each object of JSON that holds no other."""
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    nested = [one for one in inner if isinstance(one, (dict, list))]
    if isinstance(found, dict):
        yield {name: value for name, value in found.items() if not isinstance(value, (dict, list))}
    for one in nested:
        yield from _objects(one)


def _hits(told: Iterable[Told], betrayals: Betrayals) -> list[str]:
    hits = []
    for one in told:
        if (found := betrayals.in_(one.words)) and _allowed(one) not in ALLOWED:
            who, when = found
            hits.append(f"{one.where}: {who} at {when}: {' '.join(one.words.split())[:400]}")
    return hits


def _allowed(one: Told) -> str:
    """The name of the exception it falls under, or empty."""
    to_oneself = "/notifications/" in one.where or one.where.rstrip("/").count("/") == 2  # the Desk
    if to_oneself and _CONVERSATION.search(one.words):
        return "told of comments"
    if "sees to it now." in one.words:
        return "owned"
    return "joined" if one.where.endswith(("people.json", "people.csv")) else ""


# --- the walk -------------------------------------------------------------------------------------------


def _addresses(w: World) -> Iterator[tuple[str, str]]:
    slug = {"workspace": w.workspace.slug}
    for route in IN_WORKSPACE:
        every = w.here.get(route.name, []) if len(route.arguments) > 1 else [{}]
        if route.name.startswith("ledger-entry"):
            every = [{"event_id": pk} for pk in Entry.objects.values_list("event_id", flat=True)[:12]]
        for parts in every:
            yield route.name, reverse(route.name, kwargs=slug | parts)


def _client(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("uncounted")
def test_with_a_leads_rights_nobody_learns_how_a_colleague_works(world):
    """One world for all of it, since making it takes longer than most of what is asked of it."""
    the_walk_would_find_a_name_beside_a_time(world)
    pages = nobody_stands_beside_the_time_of_what_they_did(world)
    nothing_can_be_filtered_or_sorted_by_person(world, pages)
    search_finds_nothing_by_a_persons_name(world)
    leaves_of_two_people_of_one_role_cannot_be_told_apart(world)
    the_whole_export_holds_no_person_beside_what_they_did(
        world
    )  # which is an act: the pages show it from then on


def nobody_stands_beside_the_time_of_what_they_did(world) -> dict[str, tuple[str, list[str]]]:
    """Opens everything; returns for each route that is a page its address and the links it holds."""
    betrayals = _betrayals(world)
    assert len(set(betrayals.named.values())) >= 2
    with clock.at(READ):
        client, hits, opened, pages = _client(world.reader), [], set(), {}
        for name, address in _addresses(world):
            answer = client.get(address)
            if answer.status_code != 200:
                continue
            opened.add(name)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            hits += _hits(_statements(address, answer["Content-Type"], body), betrayals)
            if "html" in answer["Content-Type"]:
                pages[name] = (address, _links(body))
    assert len(opened) > 50
    assert not hits, "\n".join(dict.fromkeys(hits))
    return pages


def the_whole_export_holds_no_person_beside_what_they_did(world):
    with clock.at(READ):
        asked = export_verbs.ask_export(world.reader)
        exporting.make(asked.pk)
        body = exporting.path(asked).read_bytes()
    assert not _hits(_statements("export", "zip", body), _betrayals(world))


def nothing_can_be_filtered_or_sorted_by_person(world, pages):
    """Whatever is asked for by name or id, every page says what it says without."""
    who = {
        "person",
        "member",
        "user",
        "by",
        "author",
        "owner",
        "who",
        "actor",
        "answerable",
        "assignee",
        "approver",
    }
    asked = {name: str(world.one.pk) for name in who} | {
        "sort": "author",
        "order": "member",
        "group": "person",
    }
    with clock.at(READ):
        client = _client(world.reader)
        for address, links in pages.values():
            found = _links(client.get(address, asked).content)
            assert found == links, f"{address} listens to {asked}"


def _links(body: bytes) -> list[str]:
    return [found.split("?")[0] for found in re.findall(r'href="([^"]*)"', body.decode())]


def search_finds_nothing_by_a_persons_name(world):
    client = _client(world.reader)
    for member in (world.one, world.two):
        for words in (str(member), member.user.email, str(member.pk)):
            found = [hit for _, search in registries.search for hit in search(world.reader, words, 10)]
            assert found == [], words
    answer = client.get(reverse("shell-search", kwargs={"workspace": world.workspace.slug}), {"q": "Qvirin"})
    assert answer.status_code == 200


def leaves_of_two_people_of_one_role_cannot_be_told_apart(world):
    """What a member may fetch of the log itself: no id in a leaf stands for a person, or comes back by who acted."""
    known = {str(one) for one in Subject.objects.values_list("pseudonym", flat=True)}
    known |= {str(one) for member in world.workspace.members.all() for one in (member.pk, member.user_id)}
    leaves = [bytes(one).decode() for one in Entry.objects.values_list("leaf", flat=True)]
    assert len(leaves) > 40
    for leaf in leaves:
        assert not known & set(re.findall(r"[0-9a-f-]{36}", leaf))
    own = {item.by for item in ledger_reads.history(world.one, world.reader)}
    assert own <= set(ledger_reads.BY_ROLE.values())


def the_walk_would_find_a_name_beside_a_time(world):
    betrayals = _betrayals(world)
    at = datetime.fromtimestamp(
        Entry.objects.filter(
            event_id__in=Payload.objects.filter(
                part=1, subject=Subject.objects.get(person_id=world.two.pk).pseudonym
            ).values("event_id")
        )
        .first()
        .recorded_at,
        UTC,
    )
    page = f'<ul><li><b>{world.two}</b> <time datetime="{at.isoformat()}"></time></li></ul>'
    row = json.dumps([{"member": str(world.two.pk), "at": at.isoformat()}])
    assert _hits(_statements("/w/x/a/", "text/html", page.encode()), betrayals)
    assert _hits(_statements("/w/x/a/", "json", row.encode()), betrayals)
    named = page.replace(str(world.two), "A lead")
    assert not _hits(_statements("/w/x/a/", "text/html", named.encode()), betrayals)
