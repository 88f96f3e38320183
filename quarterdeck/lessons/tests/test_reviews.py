"""A review: filled from the ledger, read by nobody else before it is closed, ended in something."""

from __future__ import annotations

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid, NotFound
from quarterdeck.crew.models import Member
from quarterdeck.ledger import reads as ledger
from quarterdeck.lessons import exports, hints, offers, verbs
from quarterdeck.lessons.models import Cause, Review
from quarterdeck.lessons.rows import Stale
from quarterdeck.lessons.tests import world
from quarterdeck.lessons.tests.world import SAID, address, browser
from quarterdeck.lessons.timeline import Choice
from quarterdeck.lessons.verbs.reviews import Written
from quarterdeck.publishing import verbs as posts
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(world.NOON):
        yield


def text(response) -> str:
    return response.content.decode()


def test_its_timeline_is_what_the_ledger_knows_and_names_nobody():
    w = world.four()
    post = w.post()
    posts.ask_approval(post, by=w.author)
    review = w.review(post)
    assert [one["words"] for one in review.timeline] == ["Post drafted", "Approval asked"]
    assert all(one["kept"] and one["event"] for one in review.timeline)
    assert not any(name in str(review.timeline) for name in ("Ada", "Bea", str(w.author.pk)))


def test_lines_are_kept_dropped_and_given_a_word_and_new_ones_join():
    w = world.four()
    post = w.post()
    review = w.review(post)
    (drafted,) = review.timeline
    posts.ask_approval(post, by=w.author)
    lines = {drafted["key"]: Choice(kept=False, note="Nobody looked at the menu.")}
    review = verbs.write(review, by=w.author, version=1, written=Written(lines=lines))
    assert [(one["words"], one["kept"], one["note"]) for one in review.timeline] == [
        ("Post drafted", False, "Nobody looked at the menu."),
        ("Approval asked", True, ""),
    ]


def test_a_refused_close_forgets_no_choice_on_a_line_that_joined_since():
    w = world.four()
    post = w.post()
    review = w.review(post)
    posts.ask_approval(post, by=w.author)
    page = address(w.author, f"reviews/{review.pk}/")
    drafted, asked = (one["key"] for one in browser(w.author).get(page).context["lines"])
    sent = {"version": 1, "line": [drafted, asked], "kept": drafted, "nothing_because": "It is over."}
    sent |= {f"note:{asked}": "Between us only."}
    refused = browser(w.author).post(page + "closing/", sent)  # it does not say what happened
    assert refused.status_code == 422
    again = {one["key"]: one for one in refused.context["lines"]}
    assert (again[drafted]["kept"], again[asked]["kept"]) == (True, False)
    assert again[asked]["note"] == "Between us only."
    sent |= {"happened": "It slipped.", "line": list(again)}  # what a browser sends of that page
    sent["kept"] = [key for key, one in again.items() if one["kept"]]
    assert browser(w.author).post(page + "closing/", sent).status_code == 302
    shown = browser(w.lead).get(page)
    assert [one["words"] for one in shown.context["kept_lines"]] == ["Post drafted"]
    assert "Between us only." not in text(shown)


def test_it_is_read_by_others_only_when_it_is_closed():
    w = world.four()
    review = w.review()
    verbs.write(review, by=w.author, version=1, written=SAID)
    page = address(w.lead, f"reviews/{review.pk}/")
    assert "Two documents" in text(browser(w.author).get(page))
    for other in (w.lead, w.observer):
        assert "Two documents" not in text(browser(other).get(page))
        assert not list(offers.search(other, "documents", 5))
    assert [hit.title for hit in offers.search(w.author, "documents", 5)] == [review.title]
    assert "Two documents" not in str(list(exports.reviews(w.workspace)))
    said = [item.fields for item in ledger.history(review)]
    assert "Two documents" not in str(said)
    verbs.commit(review, by=w.lead, what="One source", due=world.FRIDAY, owner=w.lead)
    verbs.close(review, by=w.author, version=2, written=SAID)
    shown = text(browser(w.observer).get(page))
    assert "Two documents" in shown
    assert "The source was wrong" in shown
    assert [hit.title for hit in offers.search(w.observer, "documents", 5)] == [review.title]
    assert "Two documents" in str(list(exports.reviews(w.workspace)))
    verbs.reopen(review, by=w.author)
    assert "Two documents" not in text(browser(w.observer).get(page))


def test_what_was_said_on_its_timeline_is_read_by_others_only_when_it_is_closed():
    w = world.four()
    post = w.post()
    posts.ask_approval(post, by=w.author)
    review = w.review(post)
    drafted, asked = (one["key"] for one in review.timeline)
    lines = {drafted: Choice(kept=False), asked: Choice(kept=True, note="Nobody looked at the menu.")}
    said = Written(happened="It slipped.", nothing_because="It is over.", lines=lines)
    page = address(w.lead, f"reviews/{review.pk}/")
    review = verbs.write(review, by=w.author, version=1, written=said)
    assert "Nobody looked at the menu." in text(browser(w.author).get(page))

    def others_read_the_bare_facts():
        shown = browser(w.lead).get(page)
        assert "Nobody looked at the menu." not in text(shown)
        assert [one["words"] for one in shown.context["kept_lines"]] == ["Post drafted", "Approval asked"]

    others_read_the_bare_facts()
    review = verbs.close(review, by=w.author, version=2, written=said)
    shown = browser(w.lead).get(page)
    assert "Nobody looked at the menu." in text(shown)
    assert [one["words"] for one in shown.context["kept_lines"]] == ["Approval asked"]
    verbs.reopen(review, by=w.author)
    others_read_the_bare_facts()


def test_it_ends_in_a_commitment_or_in_a_reason():
    w = world.four()
    review = w.review()
    with pytest.raises(Invalid) as refused:
        verbs.close(review, by=w.author, version=1, written=Written())
    assert "happened" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        verbs.close(review, by=w.author, version=1, written=SAID)
    assert "nothing_because" in refused.value.fields
    because = Written(happened=SAID.happened, nothing_because="It was read by nobody.")
    assert not verbs.close(review, by=w.author, version=1, written=because).is_open
    with pytest.raises(Conflict):
        verbs.note(review, by=w.lead, text="Too late.")
    with pytest.raises(Conflict):
        verbs.commit(review, by=w.lead, what="Too late", due=world.FRIDAY)


def test_only_who_leads_writes_until_they_have_left():
    w = world.four()
    review = w.review()
    with pytest.raises(Forbidden):
        verbs.write(review, by=w.lead, version=1, written=SAID)
    Member.objects.filter(pk=w.author.pk).update(left_at=clock.now())
    assert verbs.write(review, by=w.lead, version=1, written=SAID).led_by == w.lead


def test_two_saves_do_not_silently_replace_each_other():
    w = world.four()
    review = w.review()
    verbs.write(review, by=w.author, version=1, written=SAID)
    with pytest.raises(Stale):
        verbs.write(review, by=w.author, version=1, written=Written(happened="Other."))
    there = browser(w.author).post(
        address(w.author, f"reviews/{review.pk}/words/"), {"version": 1, "happened": "Other."}
    )
    assert there.status_code == 409
    assert "still in the page" in text(there)
    assert "Other." in text(there)
    review.refresh_from_db()
    assert review.happened == SAID.happened


def test_one_review_of_a_thing_is_open_at_a_time():
    w = world.four()
    post = w.post()
    review = w.review(post)
    with pytest.raises(Conflict):
        verbs.open_review(w.lead, about=post.ledger_name, about_id=post.pk)
    new = address(w.lead, f"reviews/new/?about=publishing.post&id={post.pk}")
    assert browser(w.lead).post(new)["Location"] == address(w.lead, f"reviews/{review.pk}/")
    because = Written(happened="It went well.", nothing_because="It went well.")
    verbs.close(review, by=w.author, version=1, written=because)
    second = verbs.open_review(w.lead, about=post.ledger_name, about_id=post.pk)
    with pytest.raises(Conflict):
        verbs.reopen(review, by=w.author)
    assert Review.objects.filter(about_id=post.pk).count() == 2
    assert second.led_by == w.lead


def test_what_is_elsewhere_or_no_thing_cannot_be_reviewed():
    w, theirs = world.four(), world.four()
    other = theirs.post()
    for about, pk in (("publishing.post", other.pk), ("crew.member", w.author.pk), ("", other.pk)):
        with pytest.raises(NotFound):
            verbs.open_review(w.author, about=about, about_id=pk)
    for rest in (f"?about=publishing.post&id={other.pk}", "?about=crew.member&id=x", "?about=\x00&id=1"):
        for path in ("reviews/new/", "credit/new/"):
            assert browser(w.author).get(address(w.author, path + rest)).status_code == 404


def test_anybody_adds_a_view_while_it_is_open_and_takes_back_their_own():
    w = world.four()
    review = w.review()
    there = browser(w.observer)
    there.post(address(w.observer, f"reviews/{review.pk}/views/"), {"text": "The board said Wednesday."})
    said = review.notes.get()
    assert "The board said Wednesday." in text(there.get(address(w.observer, f"reviews/{review.pk}/")))
    with pytest.raises(Forbidden):
        verbs.withdraw_note(said, by=w.author)
    verbs.withdraw_note(said, by=w.observer)
    assert "The board" not in text(there.get(address(w.observer, f"reviews/{review.pk}/")))
    for bad in ("", "  ", "x" * 501):
        refused = there.post(address(w.observer, f"reviews/{review.pk}/views/"), {"text": bad})
        assert refused.status_code == 422


def test_whose_view_it_was_is_told_by_role_once_the_review_is_closed():
    w = world.four()
    review = w.review()
    verbs.note(review, by=w.observer, text="The board said Wednesday.")
    page = address(w.analyst, f"reviews/{review.pk}/")
    assert "Dee" in text(browser(w.analyst).get(page))
    because = Written(happened="It slipped.", nothing_because="It is over.")
    verbs.close(review, by=w.author, version=1, written=because)
    shown = text(browser(w.analyst).get(page))
    assert "The board said Wednesday." in shown
    assert "<b>An observer</b>" in shown
    assert "Dee" not in shown
    assert "<b>You</b>" in text(browser(w.observer).get(page))


def test_bad_input_is_refused_in_words_and_nothing_is_kept():
    w = world.four()
    review = w.review()
    page = address(w.author, f"reviews/{review.pk}/words/")
    line = review.timeline[0]["key"]
    for field, value in {
        "happened": "x" * 4001,
        "causes": "b" * 32,
        "version": "many",
        f"note:{line}": "x" * 201,
    }.items():
        sent = {"version": 1, "line": line, "kept": line} | {field: value}
        assert browser(w.author).post(page, sent).status_code == 422, field
    review.refresh_from_db()
    assert (review.version, review.happened) == (1, "")


def test_the_list_of_causes_is_kept_by_the_leads_and_never_names_a_person():
    w = world.four()
    cause = verbs.add_cause(w.lead, name="Two menus")
    with pytest.raises(Invalid):
        verbs.add_cause(w.lead, name="ada")
    for there in ("two menus", "Handover"):
        with pytest.raises(Conflict):
            verbs.add_cause(w.lead, name=there)
    verbs.end_cause(w.lead, value="handover")  # one of the first eight, which had no row yet
    written = Written(happened="It slipped.", causes=(cause.pk.hex,))
    review = verbs.write(w.review(), by=w.author, version=1, written=written)
    verbs.end_cause(w.lead, value=cause.pk.hex)
    page = text(browser(w.author).get(address(w.author, f"reviews/{review.pk}/")))
    assert "Two menus" in page  # carried already, so still to be unticked
    assert "> Handover<" not in page
    verbs.restore_cause(w.lead, value=Cause.objects.get(key="handover").pk.hex)
    theirs = world.four()
    for verb in ("ended", "listed"):
        path = address(theirs.lead, f"causes/{cause.pk.hex}/{verb}/")
        assert browser(theirs.lead).post(path).status_code == 404
    assert browser(w.author).post(address(w.author, "causes/"), {"name": "Mine"}).status_code == 403


def test_words_of_blame_and_names_get_a_gentle_hint_that_stops_nothing():
    w = world.four()
    said = Written(
        happened="Ada posted it. That was Bea’s fault.", nothing_because="It is over.", causes=("other",)
    )
    review = verbs.write(w.review(), by=w.author, version=1, written=said)
    page = text(browser(w.author).get(address(w.author, f"reviews/{review.pk}/")))
    assert "“Ada” is named in what happened" in page
    assert "“Bea’s fault” looks for somebody to blame" in page
    answer = browser(w.author).post(
        address(w.author, f"reviews/{review.pk}/hints/"), {"happened": "The author posted it."}
    )
    assert text(answer).strip() == ""
    assert not verbs.close(review, by=w.author, version=2, written=said).is_open


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("The calendar showed Wednesday.", []),
        ("Somebody should have known.", ["should have known"]),
        ("It was human error", ["human error"]),
        ("Al posted it. Alarm! Adam too.", []),
        ("Ada Lovelace posted it; Ada saw it.", ["Ada Lovelace"]),
    ],
)
def test_what_is_hinted_at(words, told):
    found = hints.hints({"happened": words}, ["Al", "Ada Lovelace", "", "Adalbert"])
    assert [one.split("”")[0].removeprefix("“") for one in found] == told


def test_the_panel_and_the_button_stand_on_the_post():
    w = world.four()
    post = w.post()
    page = f"/w/{w.workspace.slug}/posts/{post.pk}/"
    assert "Review it…" in text(browser(w.author).get(page))
    assert "Review it…" not in text(browser(w.observer).get(page))
    assert "What we learn from it" not in text(browser(w.author).get(page))
    w.review(post)
    assert "A review is open" in text(browser(w.observer).get(page))


def test_an_observer_elsewhere_sees_nothing_of_it():
    w = world.four()
    review = w.closed()
    stranger = make.member("owner")
    assert browser(stranger).get(address(stranger, f"reviews/{review.pk}/")).status_code == 404
    assert not list(offers.search(stranger, "documents", 5))
