"""What a person did for the library, told to that person alone (see core/deeds.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.core.deeds import Deed
from quarterdeck.crew.models import Member
from quarterdeck.ledger import own


def deeds(me: Member, since: datetime, until: datetime) -> Iterable[Deed]:
    done = own.events(me, ("studio.file.described",), since, until)
    files = {one.about_id for one in done}
    if files:
        yield Deed(
            key=f"studio.described:{me.workspace_id}:{since:%Y-%m-%d}",
            kind="hats",
            when=done[-1].when,
            did=f"described {'a picture' if len(files) == 1 else f'{len(files)} files'} in the library",
            result="Whoever cannot see it is told what is there, and whoever looks for it finds it."
            if len(files) == 1
            else "Whoever cannot see them is told what is there, and whoever looks for them finds them.",
            weight=40,
            url=reverse("studio-library", kwargs={"workspace": me.workspace.slug}),
            event_ids=tuple(one.event_id for one in done[:50]),
        )
