"""The guided path: what is typed is kept, what follows from it is proposed, and what is refused loses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.accountability import noting, verbs
from quarterdeck.accountability.models import Draft
from quarterdeck.accountability.noting import Parts
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.tests import world
from quarterdeck.core import clock
from quarterdeck.crew.models import Notification

FULL = Parts("The price was 21.", "We copied an old list.", "It costs 12 euros.", "We now check twice.")


def test_a_drafted_note_has_all_four_parts_and_an_empty_one_none():
    assert noting.missing(noting.draft(FULL), FULL) == []
    assert noting.missing("", FULL) == list(noting.PARTS)
    assert noting.missing("Sorry!", Parts()) == list(noting.PARTS)


@pytest.mark.parametrize(
    ("note", "lacks"),
    [
        ("We got the price wrong.", ["why", "fix", "prevention"]),
        ("We got it wrong because we misread a list. The right price is 12.", ["prevention"]),
        ("Falsch war der Preis, weil wir ihn verwechselt haben. Richtig ist 12. Ab sofort prüfen wir.", []),
    ],
)
def test_parts_are_found_by_words_too(note, lacks):
    assert noting.missing(note, Parts()) == lacks


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Netle soup.", "Nettle soup.", "“Netle” should read “Nettle”."),
        ("The the soup.", "The soup.", "“the” should not stand there."),
        ("Nettle from Tuesday.", "Nettle soup from Tuesday.", "“soup” was missing."),
        ("Same.", "Same.", ""),
        ("Two  spaces.", "Two spaces.", ""),
    ],
)
def test_a_small_fix_says_itself_what_it_changed(before, after, said):
    assert noting.line(before, after) == said


def test_three_lines_are_three_lines():
    assert len(noting.inside("Soup", FULL, "Harbour Kitchen").splitlines()) == 3


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture(autouse=True)
    def _world(self):
        self.w = world.two()
        self.post = world.out(self.w)
        with clock.at(world.NOON + timedelta(hours=3)):
            self.slip = verbs.flag(self.post, by=self.w.approver, said=Said("The price is 12, not 21."))
        self.client = Client()
        self.client.force_login(self.w.author.user)
        self.key = self.w.channel.pk.hex

    def at(self, name: str = "path") -> str:
        kwargs = {"workspace": self.w.author.workspace.slug, "pk": self.slip.pk}
        return reverse(f"accountability-{name}", kwargs=kwargs)

    def test_it_opens_with_what_was_said_and_the_best_way_chosen(self):
        shown = self.client.get(self.at()).content.decode()
        assert "The price is 12, not 21.</textarea>" in shown
        assert f'name="how-{self.key}" value="edit" checked' in shown
        assert 'name="tell" value=' in shown
        assert not Draft.objects.exists()  # looking keeps nothing

    def test_what_is_typed_is_kept_bounded_and_proposes_the_rest(self):
        typed = {"wrong": "The price was 21.", "fix": "It costs 12.", "evil": "x", f"how-{self.key}": "reply"}
        answer = self.client.post(self.at("path-keep"), typed | {"how-x": "edit", "why": "y" * 90_000})
        assert "It costs 12." in answer.content.decode()
        kept = Draft.objects.get().typed
        assert set(kept) == {"wrong", "fix", "why", f"how-{self.key}"}
        assert len(kept["why"]) == 20_001
        shown = self.client.get(self.at()).content.decode()
        assert f'name="how-{self.key}" value="reply" checked' in shown

    def test_a_refused_send_keeps_everything_and_says_what_is_missing(self):
        typed = {"do": "send", "chose": "1", "wrong": "The price was 21.", f"how-{self.key}": "leave"}
        answer = self.client.post(self.at(), typed | {"why": "We copied <i>an old list</i>."})
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert "Please say why it is left as it is on" in shown
        assert "We copied &lt;i&gt;an old list&lt;/i&gt;." in shown
        assert Draft.objects.get().typed["why"].startswith("We copied")
        too_long = self.client.post(self.at(), typed | {"wrong": "x" * 10_000})
        assert "at most 1,000 characters" in too_long.content.decode()

    def test_send_corrects_and_tells_who_was_ticked(self):
        typed = {
            "do": "send",
            "chose": "1",
            "tell": [self.w.approver.pk.hex],
            "wrong": "The price was 21.",
            "fix": "It costs 12 euros.",
            f"how-{self.key}": "edit",
            "text-common-0": "Nettle soup from Tuesday, 12 euros.",
        }
        answer = self.client.post(self.at(), typed, follow=True)
        shown = answer.content.decode()
        assert "How it is corrected" in shown
        assert "1 person inside was told" in shown
        told = Notification.objects.get(subject__startswith="A correction")
        assert len(told.text.splitlines()) == 3
        self.post.refresh_from_db()
        assert self.post.text.endswith("Corrected: It costs 12 euros.")
        assert not Draft.objects.exists()
        assert "It was corrected already." in self.client.get(self.at()).content.decode()

    def test_telling_can_come_first_and_is_not_repeated(self):
        self.client.post(self.at(), {"do": "tell", "chose": "1", "tell": [self.w.approver.pk.hex]})
        self.slip.refresh_from_db()
        assert self.slip.told == 1
        assert 'name="tell"' not in self.client.get(self.at()).content.decode()

    def test_somebody_elses_shows_who_sees_to_it_and_no_form(self):
        verbs.own(self.slip, by=self.w.approver)
        shown = self.client.get(self.at()).content.decode()
        assert "Bea sees to it now." in shown
        assert 'name="wrong"' not in shown
