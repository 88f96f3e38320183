"""What the shell writes: a person's theme. A preference of a person, in no workspace: no act, so no event."""

from __future__ import annotations

from quarterdeck.core.problems import Invalid
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import User
from quarterdeck.shell.frame import THEMES


@intake
def choose_theme(user: User, theme: str) -> None:
    """Keep the person's theme ("auto", "light", "dark"); Invalid for any other word."""
    if theme not in dict(THEMES):
        raise Invalid("There is no such theme.", next_step="Choose auto, light or dark.")
    User.objects.filter(pk=user.pk).update(theme=theme)
