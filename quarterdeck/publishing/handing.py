"""What posting by hand goes by: when somebody is told again, and which link is one."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.channels.by_hand import is_web_address
from quarterdeck.core.problems import Invalid
from quarterdeck.publishing.models import Delivery

TOLD_AGAIN_AFTER = timedelta(minutes=30)  # whoever answers for it
STAND_IN_AFTER = timedelta(minutes=60)  # whoever stands in
_LEFT_AFTER = timedelta(days=1)  # then it waits on the Desk
_NEVER_AGAIN = timedelta(days=36_500)  # the loop has nothing more to do with it
URL_LENGTH = 500
REASON_LENGTH = 500


def left_at(row: Delivery) -> datetime:
    """From when on a handed-out delivery counts as never answered."""
    return max(row.latest_at, row.handed_at + STAND_IN_AFTER) + _LEFT_AFTER


def step(row: Delivery) -> tuple[str, datetime]:
    """What is due now while nobody answers, told by the time it was due at; and when the next step is."""
    second, third = row.handed_at + STAND_IN_AFTER, left_at(row)
    if row.try_at < second:
        return "reminded", second
    if row.try_at < third:
        return "escalated", third
    return "unanswered", row.handed_at + _NEVER_AGAIN


def checked_url(url: str, *, not_done: str) -> str:
    """The link as it is kept, or empty. Invalid for anything but an http(s) address of at most 500 characters."""
    url = url.strip()
    if url and (len(url) > URL_LENGTH or not is_web_address(url)):
        raise Invalid(
            "That is not the address of a post.",
            not_done=not_done,
            fields={"url": "Please paste the post’s link; it begins with https://."},
        )
    return url
