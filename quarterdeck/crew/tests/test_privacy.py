"""Who is behind an entry takes two, is told to the one concerned and ends after a day; looks are told by role."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Forbidden, Invalid, NotFound
from quarterdeck.crew import intake, reads, verbs
from quarterdeck.crew.models import Look, Member, Notification, Unmasking
from quarterdeck.crew.permissions import Role
from quarterdeck.ledger import sequencer
from quarterdeck.ledger import verbs as ledger_verbs
from quarterdeck.ledger.models import Entry
from tests import make
from tests.make import kinds_recorded as kinds

pytestmark = pytest.mark.django_db
WHY = {"reason": "The auditor asks who invited.", "legal_basis": "GDPR Art. 6(1)(c)"}


def placed() -> None:
    """As commits would: rows are held against events that still wait, then the events get their places."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    sequencer.sequence_all()


def team() -> tuple[Member, Member, Member, Entry]:
    """A lead who asks, an owner who decides, another lead who did something, and its entry."""
    owner = make.member(name="Olga")
    lead, cleo = (make.member(Role.LEAD, of=owner.workspace, name=name) for name in ("Lea", "Cleo"))
    verbs.invite(by=cleo, role=Role.AUTHOR)
    placed()
    return lead, owner, cleo, Entry.objects.get(log__workspace_id=owner.workspace_id)


def as_(member: Member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def page(member: Member, name: str = "crew-unmaskings") -> str:
    return as_(member).get(reverse(name, kwargs={"workspace": member.workspace.slug})).text


def test_a_name_is_shown_to_two_for_a_day_and_the_person_hears_of_it():
    lead, owner, cleo, entry = team()
    asked = verbs.ask_unmasking(lead, entry=entry.event_id, **WHY)
    assert str(cleo) not in page(lead)
    assert not Notification.objects.filter(member=cleo, subject__startswith="Your name").exists()
    address = reverse("crew-unmasking-decide", kwargs={"workspace": owner.workspace.slug, "pk": asked.pk})
    assert as_(owner).post(address, {"grant": "yes"}).status_code == 302
    assert kinds(owner.workspace) == ["crew.unmasking.asked", "crew.unmasking.granted"]
    third = make.member(Role.OWNER, of=owner.workspace, name="Theo")
    for who in (lead, owner):
        assert "<b>Cleo</b>" in page(who)
    assert "Cleo" not in page(third)
    told = Notification.objects.get(member=cleo, subject__startswith="Your name behind")
    assert "Lea asked for it and Olga granted it" in told.text
    assert WHY["reason"] in told.text
    own = page(cleo, "crew-you-looked")
    assert "Lea asked, Olga granted it" in own
    assert "was never shown" in page(third, "crew-you-looked")
    with clock.later(timedelta(hours=24, minutes=1)):
        assert "<b>Cleo</b>" not in page(lead)
        assert "Lea asked, Olga granted it" in page(cleo, "crew-you-looked")


def test_whoever_asked_cannot_decide_and_what_was_refused_shows_nothing():
    lead, owner, cleo, entry = team()
    asked = verbs.ask_unmasking(lead, entry=entry.event_id, **WHY)
    with pytest.raises(Forbidden, match="takes two"):
        verbs.decide_unmasking(asked, by=lead, grant=True)
    verbs.decide_unmasking(asked, by=owner, grant=False)
    assert kinds(owner.workspace)[-1] == "crew.unmasking.refused"
    assert "Cleo" not in page(lead)
    assert not Notification.objects.filter(member=cleo, subject__startswith="Your name").exists()
    with pytest.raises(Conflict, match="decided already"):
        verbs.decide_unmasking(asked, by=owner, grant=True)
    assert Unmasking.objects.get().concerned is None


def test_alone_it_is_impossible_and_says_so():
    owner = make.member()
    verbs.invite(by=owner, role=Role.AUTHOR)
    placed()
    entry = Entry.objects.get(log__workspace_id=owner.workspace_id)
    make.member(Role.AUTHOR, of=owner.workspace)  # who may not decide
    with pytest.raises(Conflict, match="nobody else here"):
        verbs.ask_unmasking(owner, entry=entry.event_id, **WHY)
    assert "it takes two" in page(owner)


def test_it_needs_a_reason_a_basis_an_entry_with_somebody_behind_it_and_is_asked_once():
    lead, owner, cleo, entry = team()
    for lacks in ("reason", "legal_basis"):
        with pytest.raises(Invalid, match="reason and a legal basis"):
            verbs.ask_unmasking(lead, entry=entry.event_id, **WHY | {lacks: " "})
    with pytest.raises(NotFound):
        verbs.ask_unmasking(lead, entry=ids.new(), **WHY)
    verbs.ask_unmasking(lead, entry=entry.event_id, **WHY)
    with pytest.raises(Conflict, match="asked already"):
        verbs.ask_unmasking(owner, entry=entry.event_id, **WHY)


def test_after_an_erasure_there_is_no_name_to_show():
    lead, owner, cleo, entry = team()
    asked = verbs.ask_unmasking(lead, entry=entry.event_id, **WHY)
    ledger_verbs.erase(owner.workspace_id, cleo.pk, by=owner, legal_basis="GDPR Art. 17(1)(a)")
    with pytest.raises(Conflict, match="no name behind"):
        verbs.decide_unmasking(asked, by=owner, grant=True)
    assert Unmasking.objects.get().decided_at is None


def test_who_opened_the_list_of_people_is_told_by_role_and_day_and_kept_a_year():
    lead, owner, cleo, _ = team()
    Member.objects.update(joined_at=clock.now() - timedelta(days=500))
    for _ in range(2):
        page(lead, "crew-people")
    row = Look.objects.get(workspace=lead.workspace_id)
    assert (row.role, row.what, row.concerned) == ("lead", "people", None)
    assert reads.looks(cleo)[0]["by"] == "a lead"
    assert "Lea" not in page(cleo, "crew-you-looked")
    with clock.later(timedelta(days=366)):
        intake.looked(owner, Look.What.EXPORT)
        assert [one["by"] for one in reads.looks(cleo)] == ["an owner"]


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed():
    lead, _, _, entry = team()
    address = reverse("crew-unmaskings", kwargs={"workspace": lead.workspace.slug})
    refused = as_(lead).post(address, {"entry": str(ids.new()), **WHY})
    assert refused.status_code == 422
    assert "There is no such entry" in refused.text
    assert WHY["reason"] in refused.text
    assert as_(lead).post(address, {"entry": str(entry.event_id), **WHY}).status_code == 302


def test_an_erasure_takes_the_name_out_of_unmaskings_and_stands_in_who_looked():
    lead, owner, worker, entry = team()
    asked = verbs.ask_unmasking(lead, entry=entry.event_id, **WHY)
    verbs.decide_unmasking(asked, by=owner, grant=True)
    asked.refresh_from_db()
    assert asked.concerned == worker
    address = reverse("crew-member-erase", kwargs={"workspace": owner.workspace.slug, "member": worker.pk})
    assert as_(owner).get(address).status_code == 200
    assert "What an erasure would take away" in page(worker, "crew-you-looked")
    verbs.erase_record(worker, by=owner, legal_basis="GDPR Art. 17(1)(b)")
    asked.refresh_from_db()
    assert asked.concerned is None
