"""The demo's departments having a say: a consult rule that catches a post which was approved before it, two questions
that were answered and one that waits, a window for each.
Made up, every word of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.core import clock
from quarterdeck.crew.models import Member
from quarterdeck.desk.demo.cast import Cast
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders import verbs as people
from quarterdeck.stakeholders.models import ConsultRule, Department, Window
from quarterdeck.stakeholders.verbs import consults, digests, experts
from quarterdeck.stakeholders.verbs.consults import Terms

CLAIM = "Nettle soup, proven to keep you well all winter. From Tuesday, as long as the nettles last."
LEGAL = ("Legal", "Reads what could be sued.", "Lena Okafor")
SALES = ("Sales", "Sells tables, vouchers and the big evenings.", "Sam Richter")
THREADS = (
    "Should we be on Threads?",
    "Not this year. Our guests ask for tables where they see the menu, and three out of four come from Instagram and "
    "the map. We look again when somebody asks for it twice.",
    ["https://example.org/where-our-guests-come-from"],
)
GUESTS = (
    "May we post pictures of guests?",
    "Only of those who said yes, in writing. Ask at the table; the form is behind the bar. Children never.",
    ["https://example.org/house-rules/pictures"],
)
WAITS = "How early must we tell you about a closed evening?"


def tell(cast: Cast, now: datetime) -> Post:
    """Tell it, up to `now`, by some thirty acts; the post that was caught."""
    lead, author, brand, channels = cast.lead, cast.author, cast.brand, cast.channels
    begun = now - timedelta(days=31)
    with clock.at(begun):
        legal, sales = _department(lead, *LEGAL), _department(lead, *SALES)
        windows = {one.pk: digests.open_window(one, by=lead) for one in (legal, sales)}
        digests.plan_digest(lead, on=True, hour=8)
    _answered(author, windows[sales.pk], THREADS, now - timedelta(days=7), holds=180)
    _answered(author, windows[legal.pk], GUESTS, now - timedelta(days=30), holds=25)
    with clock.at(now - timedelta(hours=5)):
        experts.ask_expert(sales, by=windows[sales.pk].link, words=WAITS, name="Sam Richter")
    with clock.at(now - timedelta(hours=28)):
        post = publishing.draft(author, brand=brand, text=CLAIM, channels=channels[:1])
        publishing.ask_approval(post, by=author)
    return _caught(post, lead, legal, now)


def _department(by: Member, name: str, does: str, who: str) -> Department:
    """The department with somebody in it; what is there already is taken as it is."""
    found = Department.objects.filter(workspace=by.workspace, name__iexact=name).first()
    department = found or people.add_department(by, name=name, does=does)
    if not department.stakeholders.exists():
        people.add_stakeholder(department, by=by, name=who, heard="link")  # a demo writes to nobody
    return department


def _answered(
    author: Member, window: Window, said: tuple[str, str, list[str]], at: datetime, holds: int
) -> None:
    """Asked at a time, and answered the same afternoon; `holds` days from then."""
    words, text, sources = said
    with clock.at(at):
        question = experts.ask_expert(window.department, by=window.link, words=words)
    with clock.at(at + timedelta(hours=4)):
        until = (at + timedelta(days=holds)).date()
        experts.answer_question(question, by=author, text=text, sources=sources, expires_on=until)


def _caught(post: Post, lead: Member, legal: Department, now: datetime) -> Post:
    """Approved and planned on one day; on the next Legal gets a say on such words, and the post waits for it."""
    with clock.at(now - timedelta(hours=27)):
        publishing.approve(post, by=lead, text_hash=post.text_hash)
        due = (now + timedelta(hours=52)).astimezone(lead.workspace.zone)
        wall = due.replace(hour=11, minute=30, second=0, microsecond=0, tzinfo=None, fold=0)
        publishing.schedule(post, by=post.author, when=wall, fold=0)
    with clock.at(now - timedelta(hours=4)):
        words = ["proven", "cure*", "heal*", "guarantee*"]
        when = ConsultRule.When.BEFORE_APPROVAL
        consults.make_rule(lead, terms=Terms(legal, words=words, when=when))
        consults.ask_around(post)
    return post
