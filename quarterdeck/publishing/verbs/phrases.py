"""The book of names, snippets, hashtags and link rules: kept, changed, taken out."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction

from quarterdeck import ledger
from quarterdeck.channels.by_hand import TITLES
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import shortening
from quarterdeck.publishing.cleaning import clean_text
from quarterdeck.publishing.models import Phrase

MOST = 500
LONGEST = 5000
_HOST = re.compile(r"(?=.{3,80}$)[a-z0-9-]+(\.[a-z0-9-]+)+")
_PARAMETERS = re.compile(
    r"[A-Za-z0-9_.~-]+=[A-Za-z0-9_.~%{}-]*(?:&[A-Za-z0-9_.~-]+=[A-Za-z0-9_.~%{}-]*){0,9}"
)
_HANDLE = re.compile(r"@?[\w.@-]{1,200}")


@verb
def keep_phrase(
    by: Member, *, kind: str, name: str, body: str, short: bool = False, phrase: Phrase | None = None
) -> Phrase:
    """Keep an entry of the book, or (`phrase`) change one. `body` as a person types it: a line "network: handle" for
    each network, the words, or the parameters; `short`: links under this rule are shortened, and the parameters may be
    missing then. Raises Invalid with its fields, Conflict for a name that is taken."""
    name, value = _checked(kind, name, body, short and kind == Phrase.Kind.LINK)
    if phrase is None:
        if Phrase.objects.filter(workspace=by.workspace_id, removed_at__isnull=True).count() >= MOST:
            raise Conflict(f"The book has {MOST} entries, its most.", not_done="Nothing was kept.")
        phrase = Phrase(workspace=by.workspace, kind=kind, made_by=by)
    else:
        phrase = Phrase.objects.select_for_update().get(pk=phrase.pk, removed_at__isnull=True)
    phrase.name, phrase.value, phrase.ledger_event_id = name, value, ids.new()
    try:
        with transaction.atomic():
            phrase.save()
    except IntegrityError:
        raise Conflict(f"“{name}” is in the book already.", not_done="Nothing was kept.") from None
    fields = {
        "kind": kind,
        "name": name,
        "value": body[:LONGEST],
        "short": bool(phrase.value.get("short")),
    }
    ledger.record(
        "publishing.phrase.kept", actor=by, about=phrase, fields=fields, event_id=phrase.ledger_event_id
    )
    return phrase


@verb
def remove_phrase(phrase: Phrase, *, by: Member) -> None:
    """Take an entry out of the book. Posts that were saved with it keep what it stood for."""
    phrase = Phrase.objects.select_for_update().get(pk=phrase.pk)
    if phrase.removed_at is not None:
        raise Conflict("It was taken out already.")
    phrase.removed_at, phrase.ledger_event_id = clock.now(), ids.new()
    phrase.save()
    event_id = phrase.ledger_event_id
    ledger.record(
        "publishing.phrase.removed", actor=by, about=phrase, fields={"kind": phrase.kind}, event_id=event_id
    )


def _checked(kind: str, name: str, body: str, short: bool) -> tuple[str, dict]:
    name, body = " ".join(clean_text(name).split()), clean_text(body).strip()
    if kind not in Phrase.Kind.values or not name or len(name) > 80 or set("{}") & set(name):
        raise _wrong("name", "Please give a name of at most 80 characters, without { and }.")
    if (not body and not short) or len(body) > LONGEST:
        raise _wrong("body", f"Please fill this in, with at most {LONGEST:,} characters.")
    if kind == Phrase.Kind.NAME:
        return name, _handles(body)
    if kind == Phrase.Kind.LINK:
        host = name.lower().removeprefix("www.")
        if not _HOST.fullmatch(host):
            raise _wrong("name", "Please give the site’s address without https://, like example.com.")
        if body and not _PARAMETERS.fullmatch(body):
            raise _wrong("body", "Please give parameters like utm_source={network}&utm_medium=social.")
        if short and not shortening.base():
            words = "Short links need a public address that was tested: see Settings, Public address."
            raise _wrong("short", words)
        return host, {"add": body} | ({"short": True} if short else {})
    return name, {"text": body}


def _handles(body: str) -> dict[str, str]:
    handles = {}
    known = {title.lower(): network for network, title in TITLES.items()} | {"sandbox": "sandbox"}
    for line in body.splitlines():
        network, colon, handle = (part.strip() for part in line.partition(":"))
        network = known.get(network.lower(), "")
        if not colon or not network or not _HANDLE.fullmatch(handle):
            raise _wrong(
                "body", f"“{line[:60]}” is not a network and a handle, like “Bluesky: @mia.example.com”."
            )
        handles[network] = handle if handle.startswith("@") else f"@{handle}"
    return handles


def _wrong(field: str, words: str) -> Invalid:
    return Invalid("It cannot be kept like this.", not_done="Nothing was kept.", fields={field: words})
