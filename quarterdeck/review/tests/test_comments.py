"""Comments of members and guests: pinned, answered, resolved; suggestions taken over or declined; versions."""

from __future__ import annotations

import pytest
from django.test import Client

from quarterdeck import live
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Member, Notification
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import differences, reads
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.policies import Seat, Step
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs.policies import Terms, make_policy
from quarterdeck.review import agenda, verbs
from quarterdeck.review import reads as review
from quarterdeck.review.forms import CommentForm
from quarterdeck.review.models import Comment
from quarterdeck.review.verbs import Target
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures, videos

pytestmark = pytest.mark.django_db


def browser(member: Member) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user)
    return client


def page(post: Post, rest: str = "") -> str:
    return f"/w/{post.workspace.slug}/posts/{post.pk}/{rest}"


def phrase(quote: str, start: int = 0) -> Target:
    return Target(Comment.About.PHRASE, quote=quote, start=start)


def edit(post: Post, text: str) -> Post:
    post.refresh_from_db()
    return publishing.edit(
        post, by=post.author, version=post.version, text=text, channels=list(post.channels.all())
    )


def test_a_comment_on_words_follows_them_and_says_when_they_are_gone():
    w = world.two()
    post = w.draft()
    verbs.comment(post, by=w.approver, text="Which one?", target=phrase("Tuesday"))
    [thread] = review.threads(edit(post, "New: nettle soup from Tuesday."))
    assert (thread.place.start, thread.lost) == (22, False)
    [thread] = review.threads(edit(post, "Nettle soup from Friday."))
    assert thread.lost
    assert "The words it was about are gone." in browser(w.author).get(page(post)).text


def test_words_that_are_not_there_are_refused():
    w = world.two()
    with pytest.raises(Invalid) as refused:
        verbs.comment(w.draft(), by=w.approver, text="Hm.", target=phrase("Friday"))
    assert refused.value.fields == {"quote": "Please copy them from the text as they stand there."}
    assert not Comment.objects.exists()


def test_a_spot_in_an_image_of_the_post():
    w = world.two()
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png").pk.hex
    post = publishing.draft(w.author, brand=w.brand, text="Soup", images=[{"file": kept, "alt": "A bowl"}])
    verbs.comment(post, by=w.approver, text="A hair!", target=Target("spot", file=kept, x=0.9, y=0.1))
    [thread] = review.threads(post)
    assert thread.about == "Image 1, top right"
    for wrong in (Target("spot", file=kept, x=1.1, y=0), Target("spot", file="0" * 32, x=0, y=0)):
        with pytest.raises(Invalid):
            verbs.comment(post, by=w.approver, text="A hair!", target=wrong)
    with pytest.raises(Invalid):
        verbs.comment(post, by=w.approver, text="Cut", target=Target("second", file=kept, second=1))


def test_a_second_of_a_video_of_the_post():
    w = world.two()
    kept = videos.brought(w.author, videos.mp4(seconds=65)).pk.hex
    post = publishing.draft(
        w.author, brand=w.brand, text="Soup", images=[{"file": kept, "alt": "Soup is poured"}]
    )
    verbs.comment(post, by=w.approver, text="Cut here", target=Target("second", file=kept, second=61.5))
    assert review.threads(post)[0].about == "At 1:01"
    for wrong in (
        Target("second", file=kept, second=66),
        Target("second", file=kept),
        Target("second", file="0" * 32, second=1),
        Target("spot", file=kept, x=0.5, y=0.5),
    ):
        with pytest.raises(Invalid):
            verbs.comment(post, by=w.approver, text="Cut here", target=wrong)
    form = CommentForm({"moment": "1:02", "text": "And here"}, parts=post.parts)
    assert form.is_valid()
    assert form.target() == Target("second", file=kept, second=62.0)
    assert not CommentForm({"moment": "soon", "text": "x"}, parts=post.parts).is_valid()
    assert "moment" not in CommentForm(parts=w.draft().parts).fields


def test_answers_stand_in_one_row():
    w = world.two()
    post = w.draft()
    first = verbs.comment(post, by=w.approver, text="Warmer?")
    answer = verbs.reply(first, by=w.author, text="Yes.")
    verbs.reply(answer, by=w.approver, text="Good.")
    [thread] = review.threads(post)
    assert [one.text for one in thread.replies] == ["Yes.", "Good."]
    assert Notification.objects.filter(member=w.approver, subject__contains="answered on").count() == 1


def test_open_pages_of_the_post_are_told_at_once(monkeypatch):
    w, told = world.two(), []
    post = w.draft()
    monkeypatch.setattr(live, "announce", lambda workspace_id, events: told.extend(events))
    verbs.resolve(verbs.comment(post, by=w.approver, text="Warmer?"), by=w.author)
    assert told == [("review.post", str(post.pk))] * 2
    assert f'data-live="review.post:{post.pk} ' in browser(w.author).get(page(post)).text


def test_open_comments_are_on_the_desk_of_who_answers_for_the_post():
    w = world.two()
    post = w.draft()
    verbs.comment(post, by=w.author, text="My own note.")
    said = verbs.comment(post, by=w.approver, text="Warmer?", target=phrase("soup"))
    [item] = agenda.agenda(w.author, said.said_at)
    assert (item.title, item.why) == (f"“{post.short}” has 1 open comment", "Bea: On “soup”: Warmer?")
    assert not list(agenda.agenda(w.approver, said.said_at))
    verbs.resolve(said, by=w.author)
    assert not list(agenda.agenda(w.author, said.said_at))


def test_resolved_and_opened_again():
    w = world.two()
    said = verbs.comment(w.draft(), by=w.approver, text="Warmer?")
    verbs.resolve(said, by=w.author)
    with pytest.raises(Conflict):
        verbs.resolve(said, by=w.author)
    verbs.reopen(said, by=w.author)
    said.refresh_from_db()
    assert said.resolved_at is None


def test_a_suggestion_is_taken_over_with_one_button():
    w = world.two()
    post = w.approved()
    said = verbs.suggest(post, by=w.approver, target=phrase("Tuesday"), instead="Friday")
    client = browser(w.author)
    assert "Take it over" in client.get(page(post)).text
    client.post(f"/w/{post.workspace.slug}/comments/{said.pk}/taking/")
    post = reads.post(post.workspace, post.pk)
    assert post.text == "Nettle soup from Friday."
    assert post.version == 2
    assert not post.is_approved
    said.refresh_from_db()
    assert said.settled == "taken"
    assert said.resolved_at is not None
    kinds = (
        Pending.objects.filter(about_id__in=[post.pk, said.pk]).order_by("pk").values_list("kind", flat=True)
    )
    assert list(kinds)[-2:] == ["publishing.post.edited", "review.comment.taken"]
    with pytest.raises(Conflict):
        verbs.take(said, by=w.author)


def test_a_small_word_taken_over_keeps_the_approval_where_the_policy_says_so():
    w = world.two()
    steps = [Step("", "any", (Seat("role", "lead"),))]
    make_policy(w.approver, terms=Terms("Lead", steps, small_edits=True))
    post = w.approved("Nettle soop from Tuesday.")
    verbs.take(verbs.suggest(post, by=w.approver, target=phrase("soop"), instead="soup"), by=w.author)
    post = reads.post(post.workspace, post.pk)
    assert (post.text, post.is_approved) == ("Nettle soup from Tuesday.", True)


def test_a_suggestion_whose_words_are_gone_changes_nothing():
    w = world.two()
    post = w.draft()
    said = verbs.suggest(post, by=w.approver, target=phrase("Tuesday"), instead="Friday")
    edit(post, "Nettle soup.")
    with pytest.raises(Conflict, match="are gone"):
        verbs.take(said, by=w.author)
    said.refresh_from_db()
    assert not said.settled


def test_a_suggestion_is_declined_with_a_word():
    w = world.two()
    said = verbs.suggest(w.draft(), by=w.approver, target=phrase("Tuesday"), instead="")
    with pytest.raises(Invalid):
        verbs.decline(said, by=w.author, word=" ")
    verbs.decline(said, by=w.author, word="It is on Tuesday.")
    told = Notification.objects.get(member=w.approver, subject__contains="declined")
    assert told.text == "It is on Tuesday."


def test_a_suggestion_needs_something_to_change():
    w = world.two()
    for target, instead in ((Target(), "x"), (phrase("soup"), "soup")):
        with pytest.raises(Invalid):
            verbs.suggest(w.draft(), by=w.approver, target=target, instead=instead)


def test_the_form_of_the_page_without_a_script():
    w = world.two()
    post = w.draft()
    client = browser(w.approver)
    answer = client.post(page(post, "comments/new/"), {"quote": "Friday", "text": "Hm."})
    assert answer.status_code == 422
    assert "copy them from the text" in answer.text
    assert client.post(page(post, "comments/new/"), {"text": ""}).status_code == 422
    answer = client.post(page(post, "comments/new/"), {"quote": "soup", "text": "Hm."}, follow=True)
    assert "“soup”" in answer.text
    client.post(page(post, "comments/new/"), {"quote": "Nettle ", "suggests": "on"})
    assert Comment.objects.latest("said_at").instead == ""


def test_versions_with_what_differs_and_who_saved_each():
    w = world.two()
    post = w.draft("Nettle soup from Tuesday.")
    publishing.edit(post, by=w.approver, version=1, text="Nettle soup from Friday.", channels=[])
    client = browser(w.author)
    newest = client.get(page(post, "versions/")).text
    assert '<del><span class="sr">[taken out:</span>Tuesday.<span' in newest
    assert '<ins><span class="sr">[put in:</span>Friday.<span' in newest
    assert "saved by a lead" in newest
    first = client.get(page(post, "versions/?b=1")).text
    assert "The first version." in first
    assert "<ins><span" not in first
    for odd in ("?b=0", "?b=99", "?b=x", "?a=9&b=1", "?b=99999999999999"):
        assert client.get(page(post, f"versions/{odd}")).status_code == 200


def test_the_pieces_make_both_texts():
    before, after = "Nettle soup, hot.", "Nettle stew, hot and good."
    pieces = differences.words(before, after)
    assert "".join(p.text for p in pieces if p.kind != "new") == before
    assert "".join(p.text for p in pieces if p.kind != "gone") == after


def test_of_two_who_decide_about_a_suggestion_the_second_is_told():
    """Two tabs, or two people: it is taken over once."""
    w = world.two()
    post = w.draft()
    said = verbs.suggest(post, by=w.approver, target=phrase("Tuesday"), instead="Friday")
    verbs.take(said, by=w.author)
    with pytest.raises(Conflict, match="decided already"):
        verbs.take(said, by=w.approver)
    with pytest.raises(Conflict, match="decided already"):
        verbs.decline(said, by=w.approver, word="No.")
    post.refresh_from_db()
    assert (post.text, post.version) == ("Nettle soup from Friday.", 2)
    verbs.resolve(other := verbs.comment(post, by=w.approver, text="Hm."), by=w.author)
    with pytest.raises(Conflict, match="resolved already"):
        verbs.resolve(other, by=w.approver)


def test_words_of_other_scripts_and_this_years_emoji_are_pinned_and_taken_over():
    w = world.two()
    text = "مرق القراص 👩\N{ZERO WIDTH JOINER}🍳 يوم الثلاثاء \U0001faea"
    post = w.draft(text)
    verbs.comment(post, by=w.approver, text="🫪 لماذا؟", target=phrase("القراص"))
    said = verbs.suggest(post, by=w.approver, target=phrase("الثلاثاء \U0001faea"), instead="الجمعة")
    with pytest.raises(Invalid):
        verbs.comment(post, by=w.approver, text="Who?", target=phrase("👩"))  # half of a character
    edit(post, f"جديد: {text}")
    threads = review.threads(Post.objects.get())
    assert not any(one.lost for one in threads)
    verbs.take(said, by=w.author)
    assert Post.objects.get().text == "جديد: مرق القراص 👩\N{ZERO WIDTH JOINER}🍳 يوم الجمعة"
    shown = browser(w.author).get(page(post)).text
    assert '<blockquote class="small" dir="auto">“القراص”</blockquote>' in shown
    assert '<p class="wraps" dir="auto">🫪 لماذا؟</p>' in shown


def test_a_guest_may_be_called_by_any_name():
    w = world.two()
    post = w.draft()
    for name in ("Dee \U0001faea", "می\N{ZERO WIDTH NON-JOINER}نا", "👩\N{ZERO WIDTH JOINER}🍳"):
        assert str(verbs.invite(post, by=w.approver, name=name).guest) == name
    with pytest.raises(Invalid):
        verbs.invite(post, by=w.approver, name="Dee\N{RIGHT-TO-LEFT OVERRIDE}lageL")
