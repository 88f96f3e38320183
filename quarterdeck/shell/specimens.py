"""Made-up words for the style guide. Nothing here is anybody's data."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django import forms

NOON = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)
STYLES = Path(__file__).parent / "static" / "shell" / "quarterdeck.css"


class Specimen(forms.Form):
    name = forms.CharField(label="Name of the campaign", help_text="People outside the team read it too.")
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    zone = forms.ChoiceField(label="Time zone", choices=[("Europe/Berlin", "Europe/Berlin"), ("UTC", "UTC")])
    ask = forms.ChoiceField(
        label="Who is asked",
        choices=[("one", "One approver"), ("two", "Two approvers")],
        widget=forms.RadioSelect,
        initial="one",
    )
    tell = forms.BooleanField(label="Tell me when it is out", required=False)

    def clean_name(self) -> str:
        raise forms.ValidationError("There is a campaign of this name already. Choose another.")


def tokens() -> dict[str, tuple[str, str]]:
    """The colour tokens of the stylesheet: name -> (light, dark), as written there."""
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", STYLES.read_text())
    return {name: (light, dark) for name, light, dark in found}


def _side(theme: str) -> dict:
    form = Specimen({"name": "Spring menu", "zone": "UTC", "ask": "one"}, auto_id=f"{theme}_%s")
    form.full_clean()
    return {"theme": theme, "form": form}


def context() -> dict:
    return {
        "sides": [_side("light"), _side("dark")],
        "tokens": list(tokens()),
        "now": NOON,
        "steps": [
            {"who": "Ada", "state": "wrote it"},
            {"who": "Legal", "state": "is asked, until 11:30", "tone": "amber"},
            {"who": "Channel owner", "state": "comes after that", "tone": "plain"},
        ],
        "happened": [
            {"when": NOON, "text": "Page sent to you, then to the stand-in", "tone": "coral"},
            {
                "when": NOON + timedelta(minutes=2),
                "text": "You acknowledged, by link",
                "note": "from a phone",
            },
            {"when": NOON + timedelta(minutes=5), "text": "Declared; product and legal told"},
        ],
        "week": [("Mon", 9), ("Tue", 10), ("Wed", 11), ("Thu", 12), ("Fri", 13), ("Sat", 14), ("Sun", 15)],
        "exports": [
            ("Instagram Reels", "9:16", "0:45", "−14.1 LUFS", True),
            ("TikTok", "9:16", "0:45", "−14.1 LUFS", True),
            ("LinkedIn", "1:1", "0:45", "−9.2 LUFS, too loud", False),
        ],
    }
