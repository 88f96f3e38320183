"""Who has to approve: steps, roles, people, guests, claims, order, stand-ins; and what sending asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.crew.models import Member, Notification, SignedLink
from quarterdeck.publishing import agenda_approval, clearing, intake, reads, reminding, verbs
from quarterdeck.publishing.models import Clearance, Policy, Post, PostVersion, Reminder
from quarterdeck.publishing.policies import Seat, Step, waited_for
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import labels
from quarterdeck.publishing.verbs.policies import Terms, change_policy, make_policy, retire_policy
from tests import make

pytestmark = pytest.mark.django_db


def role(name: str) -> Seat:
    return Seat("role", name)


def person(member: Member) -> Seat:
    return Seat("member", member.pk.hex)


def guest(address: str = "*") -> Seat:
    return Seat("guest", address)


def step(*seats: Seat, how: str = "any", name: str = "", claims: bool = False) -> Step:
    return Step(name, how, seats, claims)


def policy(by: Member, *steps: Step, **terms) -> Policy:
    return make_policy(by, terms=Terms(terms.pop("name", "Ours"), steps, **terms))


def approved(post: Post) -> bool:
    return reads.post(post.workspace, post.pk).is_approved


def approve(post: Post, by: Member):
    return verbs.approve(post, by=by, text_hash=post.text_hash)


def a_guest(post: Post, by: Member, address: str = "boss@example.org", name: str = "Dee") -> verbs.Guest:
    now = clock.now()
    link = SignedLink.objects.create(
        workspace=post.workspace,
        purpose="tests",
        token_hash=address.encode().ljust(32)[:32],
        issued_by=by,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    return verbs.Guest(link, name, address)


def test_all_of_two_people_and_both_are_needed():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    policy(w.approver, step(person(w.approver), person(legal), how="all"))
    post = w.draft()
    verbs.ask_approval(post, by=w.author)
    approve(post, w.approver)
    assert not approved(post)
    assert waited_for(clearing.progress(post)) == "Cay"
    with pytest.raises(Conflict):
        approve(post, w.approver)
    approve(post, legal)
    assert approved(post)
    assert Clearance.objects.get(post=post).given.approved_by == legal


def test_what_is_not_cleared_is_not_claimed_by_sending():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    policy(w.approver, step(person(w.approver)), step(person(legal)))
    with clock.at(NOON):
        post = w.draft()
        approve(post, w.approver)
        verbs.schedule(post, by=w.author, when=(NOON + timedelta(hours=4)).replace(tzinfo=None))
        due = post.deliveries.get().due_at
    with clock.at(due):
        assert intake.claim(5, clock.now()) == []
        assert reads.next_due() > due
        approve(post, legal)
        assert reads.next_due() == due
        assert len(intake.claim(5, clock.now())) == 1


def test_what_was_given_back_is_not_claimed_by_sending():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=(NOON + timedelta(hours=4)).replace(tzinfo=None))
        due = post.deliveries.get().due_at
        assert reads.next_due() == due
        verbs.return_(post, by=w.approver, reason="Not like this.")
    with clock.at(due):
        assert intake.claim(5, clock.now()) == []
        assert reads.next_due() > due


def test_one_after_the_other_in_their_order():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    policy(w.approver, step(person(legal), name="Legal"), step(person(w.approver)), ordered=True)
    post = w.draft()
    verbs.ask_approval(post, by=w.author)
    with pytest.raises(Forbidden, match="does not ask for you at this point"):
        approve(post, w.approver)
    assert not Notification.objects.filter(member=w.approver).exists()
    approve(post, legal)
    assert Notification.objects.filter(member=w.approver, subject__startswith="Now you").exists()
    approve(post, w.approver)
    assert approved(post)


def test_a_flagged_claim_adds_a_step():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    steps = step(role("lead")), step(person(legal), name="Legal", claims=True)
    policy(w.approver, *steps, phrases=["clinically  Proven"])
    plain, claim = w.draft("Soup is good."), w.draft("Soup, clinically\nproven.")
    approve(plain, w.approver)
    assert approved(plain)
    approve(claim, w.approver)
    assert not approved(claim)
    approve(claim, legal)
    assert approved(claim)


def test_a_label_brings_its_policy_and_ends_what_it_does_not_allow():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    label = labels.make_label(w.approver, name="Health")
    policy(w.approver, step(person(legal)), label=label)
    post = w.approved()
    assert approved(post)
    labels.label_post(post, by=w.author, labels=[label])
    assert not approved(post)
    approve(post, legal)
    assert approved(post)


def test_a_label_leaves_no_way_back_to_what_was_cleared_without_it():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    label = labels.make_label(w.approver, name="Health")
    policy(w.approver, step(person(legal)), label=label)
    post = w.approved("One")
    verbs.edit(post, by=w.author, version=1, text="Two", channels=[w.channel])
    labels.label_post(post, by=w.author, labels=[label])
    verbs.edit(post, by=w.author, version=2, text="One", channels=[w.channel])
    assert not approved(post)


def test_a_guest_counts_where_a_policy_names_them_and_by_default():
    w = world.two()
    post = w.draft()
    boss = a_guest(post, w.approver)
    given = verbs.approve_by_link(post, by=boss, text_hash=post.text_hash)
    assert approved(post)
    assert given.who == "A guest"
    policy(w.approver, step(guest("boss@example.org")), step(role("lead")))
    post = w.draft()
    other = a_guest(post, w.approver, "else@example.org")
    with pytest.raises(Forbidden):
        verbs.approve_by_link(post, by=other, text_hash=post.text_hash)
    verbs.approve_by_link(post, by=boss, text_hash=post.text_hash)
    assert not approved(post)
    approve(post, w.approver)
    assert approved(post)


def test_who_asks_is_told_when_somebody_outside_has_to_be_asked(client):
    w = world.two()
    client.force_login(w.author.user)
    for steps, told in (((step(guest(), role("lead")),), False), ((step(role("lead")), step(guest())), True)):
        ours = policy(w.approver, *steps)
        url = f"/w/{w.author.workspace.slug}/posts/{w.draft().pk}/question/"
        assert ("ask them by a link" in client.post(url, follow=True).text) == told
        retire_policy(ours, by=w.approver)


def test_a_guest_objects_with_a_reason_and_every_voice_is_withdrawn():
    w = world.two()
    post = w.approved()
    with pytest.raises(Invalid):
        verbs.object_by_link(post, by=a_guest(post, w.approver), text_hash=post.text_hash, reason=" ")
    boss = a_guest(post, w.approver, "two@example.org")
    verbs.object_by_link(post, by=boss, text_hash=post.text_hash, reason="Not today.")
    assert not approved(post)
    assert not post.approvals.filter(withdrawn_at__isnull=True).exists()
    told = Notification.objects.filter(member=w.author).latest("created_at")
    assert told.text == "A guest wrote: Not today."


def test_whether_the_author_may_is_the_policys_choice():
    w = world.two()
    lead = w.approver
    with pytest.raises(Forbidden):
        approve(verbs.draft(lead, brand=w.brand, text="One"), lead)
    ours = policy(lead, step(role("lead")), own="allowed")
    post = verbs.draft(lead, brand=w.brand, text="Two")
    assert not approve(post, lead).alone
    assert approved(post)
    change_policy(ours, by=lead, terms=Terms("Ours", [step(role("lead"))], own="never"))
    with pytest.raises(Forbidden):
        approve(verbs.draft(lead, brand=w.brand, text="Three"), lead)


def test_who_left_is_said_ahead_of_time_and_the_stand_in_may_act():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    second = make.member("approver", w.author.workspace, "Eli")
    policy(w.approver, step(person(legal), name="Legal"))
    Member.objects.filter(pk=legal.pk).update(left_at=clock.now(), stand_in=second)
    [(found, words, blocked)] = clearing.broken_policies(w.author.workspace_id)
    assert words == ["Cay has left; Eli may act instead."]
    assert not blocked
    items = list(agenda_approval.agenda(w.approver, clock.now()))
    assert [item.key.split(":")[0] for item in items] == ["publishing.policy"]
    post = w.draft()
    with pytest.raises(Forbidden):
        approve(post, w.approver)
    approve(post, second)
    assert approved(post)


def test_who_stands_in_for_somebody_who_is_here_may_act_but_is_not_asked():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    second = make.member("approver", w.author.workspace, "Eli")
    Member.objects.filter(pk=legal.pk).update(stand_in=second)
    policy(w.approver, step(person(legal)))
    post = w.draft()
    verbs.ask_approval(post, by=w.author)
    assert [told.member for told in Notification.objects.all()] == [legal]
    approve(post, second)
    assert approved(post)


def test_a_step_nobody_can_complete_says_so():
    w = world.two()
    policy(w.approver, step(role("approver")))
    [(_, words, blocked)] = clearing.broken_policies(w.author.workspace_id)
    assert blocked
    assert words == ["Nobody else here is approver."]
    assert clearing.progress(w.draft()).blocked


def test_voices_given_before_count_by_new_rules():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    ours = policy(w.approver, step(person(w.approver)), step(person(legal)))
    post = w.draft()
    verbs.ask_approval(post, by=w.author)
    approve(post, w.approver)
    assert not approved(post)
    retire_policy(ours, by=w.approver)
    assert approved(post)


@pytest.mark.parametrize(
    "steps",
    [(), (step(),), (step(guest("nobody")),), (step(role("author")),), (step(Seat("member", "0" * 32)),)],
)
def test_a_policy_that_means_nothing_is_refused(steps):
    w = world.two()
    with pytest.raises(Invalid) as refused:
        policy(w.approver, *steps)
    assert "steps" in refused.value.fields


def test_two_policies_for_the_same_posts_are_refused():
    w = world.two()
    policy(w.approver, step(role("lead")))
    with pytest.raises(Conflict):
        policy(w.approver, step(role("owner")))


def test_the_narrowest_policy_holds():
    w = world.two()
    label = labels.make_label(w.approver, name="Health")
    for name, place in {"all": {}, "brand": {"brand": w.brand}, "label": {"label": label}}.items():
        policy(w.approver, step(role("lead")), name=name, **place)
    post = w.draft()
    assert clearing.rules_for(post).names == ("brand",)
    labels.label_post(post, by=w.author, labels=[label])
    assert clearing.rules_for(post).names == ("label",)


def test_a_small_edit_keeps_the_approval_where_the_policy_says_so():
    w = world.two()
    ours = policy(w.approver, step(role("lead")), small_edits=True)
    post = w.approved("Nettle soop from Tuesday, and bread.")
    small = verbs.edit(
        post, by=w.author, version=1, text="Nettle soup from Tuesday, and bread.", channels=[w.channel]
    )
    assert approved(small)
    kept = Clearance.objects.get(text_hash=small.text_hash)
    assert kept.carried_from is not None
    told = Notification.objects.filter(member=w.approver).latest("created_at")
    assert "It said “soop”; now it says “soup”." in told.text
    more = verbs.edit(
        small, by=w.author, version=2, text="Nettle soup from Tuesday, and bread but", channels=[w.channel]
    )
    assert approved(more)
    far = "Nettle soup from Tuesday, and bread but not ours"
    assert not approved(verbs.edit(more, by=w.author, version=3, text=far, channels=[w.channel]))
    change_policy(ours, by=w.approver, terms=Terms("Ours", [step(role("lead"))]))
    post = w.approved("Nettle soop.")
    off = verbs.edit(post, by=w.author, version=1, text="Nettle soup.", channels=[w.channel])
    assert not approved(off)


def test_every_saved_version_is_kept():
    w = world.two()
    post = w.draft("One")
    verbs.edit(post, by=w.approver, version=1, text="Two", channels=[w.channel])
    kept = PostVersion.objects.filter(post=post).order_by("number")
    assert [(v.number, v.parts[0]["text"], v.saved_by) for v in kept] == [
        (1, "One", w.author),
        (2, "Two", w.approver),
    ]


def test_reminders_come_once_at_their_hours():
    w = world.two()
    policy(w.approver, step(role("lead")), reminders=[24, 4], deadline_hours=2)
    with clock.at(NOON):
        post = w.draft()
        when = (NOON + timedelta(days=2)).replace(tzinfo=None)
        verbs.schedule(post, by=w.author, when=when)
        due = post.deliveries.get().due_at
        assert reminding.remind() == 0
    with clock.at(due - timedelta(hours=24)):
        assert reminding.remind() == 1
        assert reminding.remind() == 0
    with clock.at(due - timedelta(hours=4)):
        assert [i.key.split(":")[0] for i in agenda_approval.agenda(w.approver, clock.now())] == [
            "publishing.unapproved"
        ]
        assert reminding.remind() == 1
        assert Reminder.objects.count() == 2
        told = Notification.objects.filter(member=w.approver).latest("created_at")
        assert told.subject.startswith(
            "“Nettle soup from Tuesday.” still needs your approval before Wednesday"
        )
    with clock.at(due - timedelta(hours=3)):
        approve(post, w.approver)
        assert reminding.remind() == 0
        assert not list(agenda_approval.agenda(w.approver, clock.now()))


def test_the_lead_sees_that_the_last_time_comes_near():
    w = world.two()
    legal = make.member("approver", w.author.workspace, "Cay")
    policy(w.approver, step(person(legal)), deadline_hours=2)
    with clock.at(NOON):
        post = w.draft()
        verbs.schedule(post, by=w.author, when=(NOON + timedelta(hours=10)).replace(tzinfo=None))
        due = post.deliveries.get().due_at
        assert not list(agenda_approval.agenda(w.approver, clock.now()))
    with clock.at(due - timedelta(hours=5)):
        [item] = agenda_approval.agenda(w.approver, clock.now())
        assert item.why == "It waits for Cay. Without that nothing is sent."
