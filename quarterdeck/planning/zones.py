"""Which time zone a calendar speaks, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.crew.models import Member


def words(member: Member, now: datetime) -> str:
    """The workspace's zone; and how far the reader's own is from it, when it differs now."""
    zone, own = member.workspace.timezone, member.user.timezone
    said = f"Times are in {zone}, this workspace’s time zone."
    if zone == own:
        return said
    apart = now.astimezone(member.zone).utcoffset() - now.astimezone(member.workspace.zone).utcoffset()
    if not apart:
        return f"{said} Yours, {own}, shows the same time now."
    return f"{said} Yours, {own}, is {_span(abs(apart))} {'ahead' if apart > timedelta(0) else 'behind'} now."


def _span(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = [f"{hours} hour{'s' if hours != 1 else ''}"] if hours else []
    if minutes:
        parts.append(f"{minutes} minutes")
    return " ".join(parts)
