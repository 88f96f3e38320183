"""What is asked of those who comment, suggest and invite."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.core.validators import MaxLengthValidator

from quarterdeck.publishing.verbs.approval import NOTE_LENGTH, REASON_LENGTH
from quarterdeck.review.models import QUOTE_LENGTH, TEXT_LENGTH, WORD_LENGTH, Comment
from quarterdeck.review.verbs import Target

_WORDS = {"rows": 3}
DAYS = [(3, "3 days"), (7, "a week"), (14, "two weeks"), (30, "30 days")]


class CommentForm(forms.Form):
    """A comment, a suggestion where `instead` is wanted. The words can be chosen in the text, or written here."""

    quote = forms.CharField(
        label="The words it is about",
        required=False,
        max_length=QUOTE_LENGTH,
        help_text="Select them in the text, or copy them here. Empty: the whole post.",
    )
    spot = forms.ChoiceField(label="Or a place in an image", required=False)
    moment = forms.RegexField(
        r"(?:(?:\d{1,2}:)?\d{1,2}:)?\d{1,4}",
        label="When in the video",
        required=False,
        strip=True,
        max_length=9,
        help_text="As the player shows it: 0:12. Stop the video there, and it stands here.",
        error_messages={"invalid": "Please write minutes and seconds, as in 0:12."},
    )
    text = forms.CharField(
        label="Comment", required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(_WORDS)
    )
    instead = forms.CharField(
        label="What should stand there instead",
        required=False,
        strip=False,
        max_length=QUOTE_LENGTH,
        help_text="Only to suggest an edit; it replaces the words above.",
    )
    suggests = forms.BooleanField(label="Take the words out", required=False)
    part = forms.IntegerField(required=False, min_value=0, max_value=99, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, max_value=99_999, widget=forms.HiddenInput)
    x = forms.FloatField(required=False, min_value=0, max_value=1, widget=forms.HiddenInput)
    y = forms.FloatField(required=False, min_value=0, max_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, parts: list[dict], may_suggest: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        images = [image for part in parts for image in part["images"]]
        self.videos = [image["file"] for image in images if image.get("video")]
        places = [
            (one["file"], f"{'Video' if one.get('video') else 'Image'} {number}")
            for number, one in enumerate(images, 1)
        ]
        self.fields["spot"].choices = [("", "No image"), *places]
        if self.videos:
            self.fields["spot"].label = "Or an image or a video"
        for name in () if images else ("spot", "x", "y"):
            del self.fields[name]
        if not self.videos:
            del self.fields["moment"]
        if not may_suggest:
            del self.fields["instead"]
            del self.fields["suggests"]

    @property
    def is_suggestion(self) -> bool:
        given = self.cleaned_data
        return bool(given.get("instead") or given.get("suggests"))

    def target(self) -> Target:
        given = self.cleaned_data
        if given["quote"]:
            known = {"part": given["part"] or 0, "start": given["start"] or 0}
            return Target(Comment.About.PHRASE, quote=given["quote"], **known)
        moment, file = given.get("moment"), given.get("spot")
        if file in self.videos or (moment and not file):
            return Target(Comment.About.SECOND, file=file or self.videos[0], second=_seconds(moment or "0"))
        if file:
            x, y = given.get("x"), given.get("y")
            middle = 0.5
            return Target(
                Comment.About.SPOT, file=file, x=middle if x is None else x, y=middle if y is None else y
            )
        return Target()


def _seconds(moment: str) -> float:
    """ "1:05" as 65."""
    return float(sum(int(part) * 60**power for power, part in enumerate(reversed(moment.split(":")))))


class ReplyForm(forms.Form):
    text = forms.CharField(label="Answer", max_length=TEXT_LENGTH, widget=forms.Textarea({"rows": 2}))


class DeclineForm(forms.Form):
    word = forms.CharField(label="Why not, in a few words", max_length=WORD_LENGTH)


class GuestApprovalForm(forms.Form):
    text_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(required=False, validators=[MaxLengthValidator(NOTE_LENGTH)])


class ObjectForm(forms.Form):
    text_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="What should change", max_length=REASON_LENGTH, widget=forms.Textarea(_WORDS)
    )


class InviteForm(forms.Form):
    name = forms.CharField(label="Name", required=False, max_length=120)
    address = forms.CharField(
        label="E-mail address",
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text="Where the preview and the link are sent. Without it you get a link to copy.",
    )
    approve = forms.BooleanField(label="May approve or object", required=False)
    comment = forms.BooleanField(label="May comment", required=False, initial=True)
    suggest = forms.BooleanField(label="May suggest other words", required=False, initial=True)
    days = forms.TypedChoiceField(label="The link works for", choices=DAYS, coerce=int, initial=14)

    @property
    def lasts(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])
