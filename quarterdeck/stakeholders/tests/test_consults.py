"""A department has a say on a post: it is asked by itself and once, the post waits for it, and what it said counts for
nobody else."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.crew import mail
from quarterdeck.crew.models import Notification
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import clearing, policies
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.verbs.policies import Terms as PolicyTerms
from quarterdeck.publishing.verbs.policies import make_policy
from quarterdeck.review import verbs as review
from quarterdeck.stakeholders import agenda_consults, consulting, mailing_consults, verbs
from quarterdeck.stakeholders.models import Consult, ConsultAsk, ConsultRule
from quarterdeck.stakeholders.tests import consulting_world
from quarterdeck.stakeholders.tests.consulting_world import CLAIM, PLAIN, World
from quarterdeck.stakeholders.verbs import consults
from tests import make

pytestmark = pytest.mark.django_db

FIRST = ConsultRule.When.BEFORE_APPROVAL


@pytest.fixture
def w() -> World:
    return consulting_world.two()


def test_a_post_that_matches_waits_for_the_department_and_is_cleared_with_its_voice(w):
    w.rule()
    post = w.asked()
    ask = ConsultAsk.objects.get()
    assert (ask.consult.stakeholder, ask.text_hash) == (w.lena, post.text_hash)
    assert ask.why == "the text says “clinically proven”"
    w.approve(post)
    assert not w.now(post).is_approved
    assert policies.waited_for(clearing.progress(post)) == "Legal"
    w.agree(post)
    assert w.now(post).is_approved


def test_a_post_that_does_not_match_is_nobody_elses(w):
    w.rule()
    post = w.asked(PLAIN)
    assert not Consult.objects.exists()
    w.approve(post)
    assert w.now(post).is_approved
    assert consulting.stands(post) == []


def test_the_say_of_a_department_is_no_approval_of_the_team(w):
    w.rule()
    post = w.asked()
    w.agree(post)
    assert not w.now(post).is_approved
    w.approve(post)
    assert w.now(post).is_approved


def test_what_a_department_said_never_counts_for_the_team_even_when_its_rule_has_ended(w):
    rule = w.rule()
    post = w.asked()
    w.agree(post)
    consults.retire_rule(rule, by=w.lead)
    assert not w.now(post).is_approved
    with pytest.raises((Forbidden, Conflict)):
        w.agree(post)
    assert not w.now(post).is_approved


def test_before_approval_the_team_is_asked_after_the_department(w):
    w.rule(words=["clinically proven"], when=FIRST)
    post = w.asked()
    told = Notification.objects.filter(member=w.lead, subject__contains="asked to approve")
    assert not told.exists()
    with pytest.raises(Forbidden):
        w.approve(post)
    w.agree(post)
    assert told.count() == 1
    w.approve(post)
    assert w.now(post).is_approved


def test_nobody_is_asked_twice_about_the_same_text_and_again_about_another(w):
    w.rule()
    w.rule(networks=["sandbox"])  # a second reason, not a second ask
    post = w.asked()
    for kind in ("publishing.post.asked", "publishing.post.scheduled", "publishing.post.approved"):
        w.follow(post, kind)
    assert ConsultAsk.objects.count() == 1
    with pytest.raises(Conflict):
        consults.ask_around(post)
    assert "and it goes to" in ConsultAsk.objects.get().why
    w.agree(post)
    w.approve(post)
    again = publishing.edit(w.now(post), by=w.author, version=1, text=f"{CLAIM} Twice.", channels=[w.channel])
    assert not w.now(again).is_approved
    publishing.ask_approval(w.now(again), by=w.author)
    w.follow(again)
    assert ConsultAsk.objects.count() == 2
    assert Consult.objects.count() == 1, "the same door opens the new text"
    w.approve(again)
    assert not w.now(again).is_approved
    w.agree(again)
    assert w.now(again).is_approved


def test_a_plan_asks_too(w):
    w.rule()
    post = w.draft()
    publishing.schedule(post, by=w.author, when=_in_days(3))
    w.follow(post, "publishing.post.scheduled")
    assert ConsultAsk.objects.count() == 1


def _in_days(days: int):
    return (clock.now() + timedelta(days=days)).replace(tzinfo=None, second=0, microsecond=0)


def test_a_save_asks_nobody_but_the_next_request_for_approval_does(w):
    w.rule()
    post = w.draft()
    publishing.schedule(post, by=w.author, when=_in_days(3))
    w.follow(post, "publishing.post.scheduled")
    for version in (1, 2, 3):
        text = f"{CLAIM} {version}"
        publishing.edit(w.now(post), by=w.author, version=version, text=text, channels=[w.channel])
        w.follow(post, "publishing.post.edited")
    assert ConsultAsk.objects.count() == 1
    publishing.ask_approval(w.now(post), by=w.author)
    w.follow(post)
    assert ConsultAsk.objects.count() == 2


def test_a_draft_that_nobody_sends_asks_nobody(w):
    w.rule()
    post = w.draft()
    w.follow(post, "publishing.post.edited")
    assert not ConsultAsk.objects.exists()
    assert [one.state for one in consulting.stands(post)] == ["to ask"]


def test_a_rule_catches_what_was_cleared_and_planned_before_it(w):
    post = w.asked()
    w.approve(post)
    publishing.schedule(post, by=w.author, when=_in_days(3))
    assert w.now(post).is_approved
    w.rule()
    assert not w.now(post).is_approved
    assert (
        Notification.objects.filter(subject__contains="waits for a department", member=w.author).count() == 1
    )
    w.follow(post, "stakeholders.consult_rule.made")
    w.agree(post)
    assert w.now(post).is_approved, "what the team said before still counts"


def test_a_rule_that_is_changed_catches_what_it_is_about_now(w):
    rule = w.rule()
    post = w.asked(PLAIN)
    w.approve(post)
    assert w.now(post).is_approved
    consults.change_rule(rule, by=w.lead, terms=consults.Terms(w.legal, words=["nettle soup"]))
    assert not w.now(post).is_approved


def test_what_went_past_a_department_that_rested_is_caught_at_its_plan(w):
    w.rule()
    verbs.end_department(w.legal, by=w.lead)
    post = w.asked()
    w.approve(post)
    assert w.now(post).is_approved, "the rules of a department that ended rest"
    publishing.schedule(post, by=w.author, when=_in_days(3))
    verbs.restore_department(w.legal, by=w.lead)
    w.follow(post, "publishing.post.scheduled")
    assert not w.now(post).is_approved
    assert ConsultAsk.objects.count() == 1
    assert "stakeholders.consult.caught" in make.kinds_recorded(w.workspace)
    w.agree(post)
    assert w.now(post).is_approved


def test_who_is_asked_no_more_opens_nothing_any_more(w):
    w.rule()
    post = w.asked()
    verbs.end_stakeholder(w.lena, by=w.lead)
    assert not Consult.objects.get().guest.link.is_open()
    assert [one.state for one in consulting.stands(post)] == ["nobody"]


def test_another_channel_can_need_another_voice(w):
    from quarterdeck.channels import verbs as channels

    second = channels.connect_sandbox(w.lead, brand=w.brand)
    w.rule(networks=["sandbox"])
    post = publishing.draft(w.author, brand=w.brand, text=PLAIN, channels=[])
    publishing.ask_approval(post, by=w.author)
    w.approve(post)
    assert w.now(post).is_approved
    publishing.edit(w.now(post), by=w.author, version=1, text=PLAIN, channels=[second])
    assert not w.now(post).is_approved


def test_a_small_edit_that_touches_the_department_is_not_carried_over(w):
    make_policy(
        w.lead,
        terms=PolicyTerms(
            "Small", [policies.Step("", "any", (policies.Seat("role", "lead"),))], small_edits=True
        ),
    )
    w.rule(words=["now"])
    post = w.asked("Nettle soup from Tuesday, not before noon.")
    w.approve(post)
    assert w.now(post).is_approved
    small = "Nettle soup from Tuesday, now before noon."
    publishing.edit(w.now(post), by=w.author, version=1, text=small, channels=[w.channel])
    assert not w.now(post).is_approved
    other = w.asked("Nettle soup from Tuesday, not before one.")
    w.approve(other)
    publishing.edit(
        w.now(other),
        by=w.author,
        version=1,
        text="Nettle soup from Tuesday, nor before one.",
        channels=[w.channel],
    )
    assert w.now(other).is_approved, "a small edit that touches nobody is"


def test_an_objection_gives_the_post_back_with_its_reason(w):
    w.rule()
    post = w.asked()
    w.object(post)
    assert post.returns.get().reason == "Leave the proof out."
    assert not post.asks.filter(ended_at__isnull=True).exists()
    assert [one.state for one in consulting.stands(w.now(post))] == ["objected"]


def test_a_department_in_which_nobody_can_be_reached_is_said_in_the_open(w):
    w.rule(department=w.sales, words=["clinically proven"])
    post = w.asked()
    assert not ConsultAsk.objects.exists()
    assert [one.state for one in consulting.stands(post)] == ["nobody"]
    step = clearing.progress(post).steps[0]
    assert (step.trouble, step.blocked) == (("Nobody of Sales can be reached.",), True)
    items = list(agenda_consults.agenda(w.lead, clock.now()))
    assert [one.title for one in items] == ["Sales has a say, and nobody there can be reached"]
    assert list(agenda_consults.agenda(w.author, clock.now())) == []
    verbs.add_stakeholder(w.sales, by=w.lead, name="Sam", address="sam@sales.example")
    w.follow(post, "stakeholders.stakeholder.added")
    assert ConsultAsk.objects.get().consult.department == w.sales
    assert list(agenda_consults.agenda(w.lead, clock.now())) == []


def test_a_lead_lets_one_text_go_without_a_department_and_says_why(w):
    w.rule()
    post = w.asked()
    w.approve(post)
    about = {"department_id": w.legal.pk, "text_hash": post.text_hash}
    with pytest.raises(Invalid):
        consults.let_go(post, by=w.lead, **about, reason=" ")
    with pytest.raises(Conflict):
        consults.let_go(post, by=w.lead, **about | {"text_hash": "0" * 64}, reason="They are away.")
    consults.let_go(post, by=w.lead, **about, reason="They are away until May.")
    assert w.now(post).is_approved
    publishing.edit(w.now(post), by=w.author, version=1, text=f"{CLAIM} Again.", channels=[w.channel])
    publishing.ask_approval(w.now(post), by=w.author)
    w.approve(post)
    assert not w.now(post).is_approved, "another text needs them again"


def test_a_revoked_door_is_not_opened_again_by_itself(w):
    from quarterdeck.crew import verbs as crew

    w.rule()
    post = w.asked()
    crew.revoke_link(Consult.objects.get().guest.link, by=w.lead)
    publishing.edit(w.now(post), by=w.author, version=1, text=f"{CLAIM} Again.", channels=[w.channel])
    publishing.ask_approval(w.now(post), by=w.author)
    w.follow(post)
    assert ConsultAsk.objects.count() == 1
    assert [one.state for one in consulting.stands(w.now(post))] == ["nobody"], "which is said in the open"
    assert clearing.progress(w.now(post)).steps[0].blocked


def test_who_was_asked_stands_in_no_entry_and_no_guest(w):
    w.rule()
    post = w.asked()
    guest = Consult.objects.get().guest
    assert (guest.name, guest.address) == ("Legal", "")
    said = " ".join(str(value) for row in Pending.objects.values() for value in row.values())
    assert "Lena" not in said
    assert "lena@" not in said
    assert [one.name for one in consulting.concerned(post)] == ["Lena"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "<b>"},
        {"market": "AUT"},
        {"networks": ["nowhere"]},
        {"words": ["*"]},
        {"words": ["x" * 81]},
        {"words": [f"word {n}" for n in range(101)]},
        {"when": "never"},
    ],
)
def test_a_rule_that_cannot_hold_is_refused(w, wrong):
    with pytest.raises(Invalid):
        w.rule(**wrong)
    assert not ConsultRule.objects.exists()


def test_a_guest_who_was_asked_otherwise_still_speaks_for_the_team_as_before(w):
    w.rule()
    post = w.asked()
    other = review.invite(post, by=w.lead, name="Boss", approve=True)
    speaker = publishing.Guest(other.guest.link, "Boss")
    publishing.approve_by_link(post, by=speaker, text_hash=post.text_hash)
    assert not w.now(post).is_approved
    w.agree(post)
    assert w.now(post).is_approved


# --- mail ---------------------------------------------------------------------------------------------


@pytest.fixture
def box(monkeypatch) -> list:
    """Mails as they would leave; the server is taken to be there."""
    found: list = []

    def fake_send(to, subject, text, html="", *, about="", headers=None):
        found.append(SimpleNamespace(to=to, subject=subject, text=text, html=html))

    monkeypatch.setattr(mail, "send", fake_send)
    monkeypatch.setattr(mail, "server", lambda: SimpleNamespace(sender="team@example.org"))
    return found


def test_the_mail_can_be_judged_without_opening_anything_and_is_sent_once(w, box):
    w.rule()
    post = w.asked()
    ask = ConsultAsk.objects.get()
    for _ in range(2):
        mailing_consults.consult(ConsultAsk.objects.get(pk=ask.pk))
    (one,) = box
    assert one.to == "lena@legal.example"
    assert CLAIM in one.text
    assert "because the text says “clinically proven”" in one.text
    assert ask.consult.token in one.text
    assert "clinically proven" in one.html
    assert ConsultAsk.objects.get().mailed_at is not None
    assert "Legal" in one.subject
    assert w.now(post).is_approved is False


def test_a_text_that_is_no_more_is_not_mailed(w, box):
    w.rule()
    post = w.asked()
    publishing.edit(w.now(post), by=w.author, version=1, text="Something else.", channels=[w.channel])
    mailing_consults.consult(ConsultAsk.objects.get())
    assert box == []


def test_who_likes_to_be_heard_by_link_gets_no_mail_and_the_team_their_link(w, box):
    known = {"department": w.legal, "name": "Lena", "address": w.lena.email, "language": "en"}
    verbs.change_stakeholder(w.lena, by=w.lead, heard="link", **known)
    w.rule()
    post = w.asked()
    mailing_consults.consult(ConsultAsk.objects.get())
    assert box == []
    (stand,) = consulting.stands(post)
    assert [one.consult.stakeholder for one in stand.by_hand(True)] == [w.lena]


def test_what_the_server_refuses_stands_on_the_posts_page(w, box, monkeypatch):
    def fake_refusal(*args, **kwargs):
        raise mail.MailProblem("The server is full.")

    monkeypatch.setattr(mail, "send", fake_refusal)
    w.rule()
    post = w.asked()
    with pytest.raises(mail.MailProblem):
        mailing_consults.consult(ConsultAsk.objects.get(), last=False)
    assert consulting.stands(post)[0].by_hand(True) == [], "it is tried again"
    with pytest.raises(mail.MailProblem):
        mailing_consults.consult(ConsultAsk.objects.get())
    assert [one.mail_problem for one in consulting.stands(post)[0].by_hand(True)] == ["The server is full."]
