"""Somebody outside, by a signed link: what they see, what they may do, and that looking does nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from quarterdeck.core import clock
from quarterdeck.core.problems import Forbidden, Invalid
from quarterdeck.crew import links
from quarterdeck.crew.models import Notification
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import clearing, reads
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Approval, Post
from quarterdeck.publishing.policies import Seat, Step
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs.policies import Terms, make_policy
from quarterdeck.review import verbs
from quarterdeck.review.models import Comment, Guest
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures, videos
from tests import make, samples

pytestmark = pytest.mark.django_db


def outside() -> Client:
    return Client(headers={"host": "localhost"})


def asked(w: world.World, post: Post, **rights) -> tuple[Guest, str]:
    given = {"name": "Dee", "approve": True} | rights
    invited = verbs.invite(post, by=w.approver, **given)
    return invited.guest, f"/s/{invited.token}/"


def approved(post: Post) -> bool:
    return reads.post(post.workspace, post.pk).is_approved


def everything() -> dict[str, str]:
    """A digest of every table's rows, but for what counts openings and for sessions of browsers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall() if name not in {"crew_linkopening", "django_session"}]
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()[0]
    return found


RIGHTS = [
    {"approve": True},
    {"approve": False, "suggest": False, "comment": False},
]


@pytest.mark.parametrize("rights", RIGHTS)
def test_opening_a_link_twenty_times_changes_nothing(rights):
    w = world.two()
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    images = [{"file": kept.pk.hex, "alt": "A bowl"}]
    post = publishing.draft(w.author, brand=w.brand, text="Soup.", channels=[w.channel], images=images)
    publishing.ask_approval(post, by=w.author)
    guest, url = asked(w, post, **rights)
    before = everything()
    for query, times in {"": 20, "?said=approved": 1, f"?file={kept.pk.hex}": 1, "?do=approve": 1}.items():
        for _ in range(times):
            assert outside().get(url + query).status_code == 200
            assert outside().head(url + query).status_code == 200
    assert everything() == before


def test_every_purpose_of_a_link_has_a_sample_and_is_only_opened():
    purposes = {name for name in links.PURPOSES if not name.startswith("tests.")}
    assert purposes == set(samples.SIGNED_LINKS)


def test_a_guest_approves_with_one_visible_button():
    w = world.two()
    post = w.draft()
    publishing.ask_approval(post, by=w.author)
    guest, url = asked(w, post)
    browser = outside()
    page = browser.get(url).text
    assert page.count(">Approve</button>") == 1
    assert "Nettle soup from Tuesday." in page
    answer = browser.post(url, {"do": "approve", "text_hash": post.text_hash})
    assert answer.status_code == 302
    assert "You approved it. The team sees that now." in browser.get(answer["Location"]).text
    assert approved(post)
    given = Approval.objects.get(post=post)
    assert (given.link, given.guest, given.approved_by) == (guest.link, "Dee", None)
    told = Notification.objects.filter(member=w.author).latest("created_at")
    assert told.text == "A guest approved it."
    assert Pending.objects.filter(about_id=post.pk, kind="publishing.post.approved").count() == 1
    again = browser.post(url, {"do": "approve", "text_hash": post.text_hash})
    assert again.status_code == 409
    assert Approval.objects.count() == 1


def test_a_stale_page_approves_nothing_and_says_so():
    w = world.two()
    post = w.draft()
    _, url = asked(w, post)
    shown = post.text_hash
    publishing.edit(post, by=w.author, version=1, text="Other soup.", channels=[w.channel])
    answer = outside().post(url, {"do": "approve", "text_hash": shown})
    assert answer.status_code == 409
    assert "The text has changed since this page was opened." in answer.text
    assert not Approval.objects.exists()


def test_what_was_changed_after_they_approved_is_shown():
    w = world.two()
    post = w.draft("Nettle soup from Tuesday.")
    _, url = asked(w, post)
    outside().post(url, {"do": "approve", "text_hash": post.text_hash})
    publishing.edit(post, by=w.author, version=1, text="Nettle soup from Friday.", channels=[w.channel])
    page = outside().get(url).text
    assert "It was changed after you approved it" in page
    assert re.search(r"<del>.*Tuesday.*</del><ins>.*Friday.*</ins>", page)


def test_a_guest_objects_with_a_reason():
    w = world.two()
    post = w.draft()
    publishing.ask_approval(post, by=w.author)
    _, url = asked(w, post)
    form = {"do": "object", "text_hash": post.text_hash}
    assert outside().post(url, form | {"reason": ""}).status_code == 422
    assert outside().post(url, form | {"reason": "Not with this price."}).status_code == 302
    assert Notification.objects.filter(member=w.author, text="A guest wrote: Not with this price.").exists()
    assert "You objected" in outside().get(url).text


@pytest.mark.parametrize(
    ("rights", "form"),
    [
        ({"approve": False}, {"do": "approve"}),
        ({"approve": False}, {"do": "object", "reason": "No."}),
        ({"approve": False, "comment": False, "suggest": False}, {"do": "comment", "text": "Hello"}),
        ({"approve": True}, {"do": "publish"}),
    ],
)
def test_what_the_link_does_not_include_is_refused(rights, form):
    w = world.two()
    post = w.draft()
    _, url = asked(w, post, **rights)
    before = Pending.objects.count()
    assert outside().post(url, form | {"text_hash": post.text_hash}).status_code in {403, 422}
    assert Pending.objects.count() == before


def test_without_the_right_to_suggest_instead_is_ignored():
    w = world.two()
    post = w.draft()
    _, url = asked(w, post, suggest=False)
    form = {"do": "comment", "quote": "soup", "instead": "stew", "text": "Stew?"}
    outside().post(url, form)
    assert Comment.objects.get().instead is None


def test_a_closed_or_ended_link_opens_nothing():
    w = world.two()
    post = w.draft()
    guest, url = asked(w, post)
    with clock.at(guest.link.expires_at + timedelta(seconds=1)):
        assert outside().get(url).status_code == 404
    client = outside()
    client.force_login(w.author.user)
    client.post(f"/w/{w.author.workspace.slug}/guests/{guest.pk}/revocation/")
    assert outside().post(url, {"do": "approve", "text_hash": post.text_hash}).status_code == 404
    assert not Approval.objects.exists()


def test_images_of_the_post_are_served_by_the_link_and_no_others():
    w = world.two()
    mine = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    other = studio.keep(w.author.workspace, pictures.png(5, 4), "else.png")
    images = [{"file": mine.pk.hex, "alt": ""}]
    post = publishing.draft(w.author, brand=w.brand, text="Soup.", images=images)
    _, url = asked(w, post)
    assert outside().get(f"{url}?file={mine.pk.hex}")["Content-Type"] == "image/png"
    assert outside().get(f"{url}?file={other.pk.hex}").status_code == 404
    assert outside().get(f"{url}?file=nonsense").status_code == 404


def test_a_guest_plays_a_video_in_parts_and_comments_at_a_second():
    w = world.two()
    video = videos.brought(w.author, videos.mp4(seconds=65)).pk.hex
    images = [{"file": video, "alt": "Soup is poured"}]
    post = publishing.draft(w.author, brand=w.brand, text="Soup", images=images)
    _, url = asked(w, post)
    assert f'<video src="{url}?file={video}"' in outside().get(url).text
    part = outside().get(f"{url}?file={video}", headers={"range": "bytes=0-3"})
    assert (part.status_code, len(part.content)) == (206, 4)
    outside().post(url, {"do": "comment", "moment": "1:02", "text": "Cut here."})
    said = Comment.objects.get()
    assert (said.about, said.file, said.second) == ("second", video, 62.0)


def test_only_who_may_approve_lets_a_guest_do_so_unless_the_policy_names_them():
    w = world.two()
    post = w.draft()
    with pytest.raises(Forbidden):
        verbs.invite(post, by=w.author, name="Dee", approve=True)
    steps = [Step("", "all", (Seat("guest", "dee@example.org"),))]
    make_policy(w.approver, terms=Terms("The boss", steps))
    with pytest.raises(Invalid, match="would not count"):
        verbs.invite(post, by=w.approver, name="Eli", approve=True)
    invited = verbs.invite(post, by=w.author, address="Dee@example.org", approve=True)
    outside().post(f"/s/{invited.token}/", {"do": "approve", "text_hash": post.text_hash})
    assert approved(post)


def test_with_a_policy_of_several_it_counts_and_says_who_else():
    w = world.two()
    post = w.draft()
    steps = [Step("", "any", (Seat("guest", "*"),)), Step("Lead", "any", (Seat("role", "lead"),))]
    make_policy(w.approver, terms=Terms("Both", steps))
    _, url = asked(w, post)
    answer = outside().post(url, {"do": "approve", "text_hash": post.text_hash}, follow=True)
    assert "Others have to approve it too" in answer.text
    assert not approved(post)
    publishing.approve(post, by=w.approver, text_hash=post.text_hash)
    assert clearing.clearance(post) is not None


def test_the_page_that_asks_shows_the_link_once_and_who_was_asked():
    w = world.two()
    post = w.draft()
    client = outside()
    client.force_login(w.approver.user)
    url = f"/w/{w.author.workspace.slug}/posts/{post.pk}/guests/"
    assert client.get(url).status_code == 200
    page = client.post(url, {"name": "Dee", "approve": "on", "comment": "on", "days": "7"}).text
    token = re.search(r"/s/([\w-]{43})/", page).group(1)
    assert outside().get(f"/s/{token}/").status_code == 200
    later = client.get(url).text
    assert token not in later
    assert "was asked to approve" in later
    assert client.post(url, {"days": "7"}).status_code == 422
    assert client.post(url, {"address": "nowhere", "days": "7"}).status_code == 422


def test_a_discarded_post_says_so_and_takes_nothing():
    w = world.two()
    post = w.draft()
    _, url = asked(w, post)
    publishing.discard(post, by=w.author)
    page = outside().get(url).text
    assert "put it aside" in page
    assert ">Approve</button>" not in page
    assert outside().post(url, {"do": "approve", "text_hash": post.text_hash}).status_code == 409


def test_a_link_of_another_kind_of_post_is_told_nothing():
    w, other = world.two(), world.two()
    post = w.draft()
    _, url = asked(w, post)
    theirs = verbs.comment(other.draft(), by=other.author, text="Ours.")
    assert outside().post(url, {"do": "reply", "to": theirs.pk, "text": "Hello"}).status_code == 404
    assert make.kinds_recorded(other.author.workspace).count("review.comment.written") == 1
