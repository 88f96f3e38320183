"""The ledger's pages: the log with its newest checkpoint, and one entry with its proof. By kind, never by person."""

from __future__ import annotations

import uuid
from base64 import b64encode
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.ledger import kinds, packs, reads, verify
from quarterdeck.ledger.guards import page
from quarterdeck.ledger.models import Entry, Log

PAGE = 25
INLINE = 20_000  # entries a page may verify while somebody waits; more is for the command line


@require_safe
@page("ledger.log.view")
def log(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint, and the entries, newest first, perhaps of one kind."""
    return render(request, "ledger/log.html", _log_context(request))


@require_POST
@page("ledger.log.view")
def verification(request: HttpRequest) -> HttpResponse:
    """Verify every entry, tile and checkpoint of this workspace now, and say what was found. Changes nothing."""
    logs = list(Log.objects.filter(workspace_id=request.workspace.pk).order_by("epoch"))
    if sum(one.size for one in logs) > INLINE:
        raise Conflict(
            f"This ledger has more than {INLINE:,} entries, too many to check while a page waits.",
            next_step="Run “quarterdeck ledger verify --all” on the server.",
        )
    reports = [verify.verify(one) for one in logs]
    context = {"reports": reports, "sound": all(report.ok for report in reports)}
    return render(request, "ledger/log.html", _log_context(request) | context)


@require_safe
@page("ledger.log.view")
def entry(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """One entry: what it says, its place, and its proof."""
    found, item = reads.entry(request.workspace.pk, event_id, request.member)
    try:
        proof = reads.prove(found)
    except Conflict:
        proof = None
    told = _plain(item)
    committed = reads.committed(found)
    context = {
        "entry": found,
        "item": item,
        "fields": told,
        "sealed": sum(1 for name in committed if kinds.is_personal(found.kind, name)),
        "gone": sum(1 for name in committed if not kinds.is_personal(found.kind, name) and name not in told),
        "proof": proof,
        "leaf": bytes(found.leaf).decode(),
        "leaf_hash": bytes(found.leaf_hash).hex(),
        "keys": found.log.verifier_keys,
        "title": kinds.title(found.kind),
    }
    return render(request, "ledger/entry.html", context)


@require_safe
@page("ledger.log.view")
def leaf(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """The entry's bytes, exactly as they were hashed."""
    found, _ = reads.entry(request.workspace.pk, event_id)
    return HttpResponse(bytes(found.leaf), "application/json")


@require_safe
@page("ledger.log.view")
def fields(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """What the fields shown said, each with its salt, so that the reader can recompute the commitments."""
    _, item = reads.entry(request.workspace.pk, event_id)
    return JsonResponse({"fields": reads.disclose(event_id, _plain(item))})


@require_safe
@page("ledger.log.view")
def proof(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """The entry's proof as a file that stands alone (c2sp.org/tlog-proof)."""
    found, _ = reads.entry(request.workspace.pk, event_id)
    response = HttpResponse(reads.prove(found).text(), "text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event_id}.tlog-proof"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@page("ledger.log.view")
def pack(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """Choose what a proof file of this entry, and of others about the same thing, shows; sent off, it is that file."""
    found, item = reads.entry(request.workspace.pk, event_id)
    life = packs.choices(packs.life_of(found), request.member.pk)
    if request.method == "POST":
        return _pack_file(request, found, life)
    this = next((one for one in life if one.entry.seq == found.seq), None)
    context = {
        "entry": found,
        "item": item,
        "this": this or packs.choices([found], request.member.pk)[0],
        "others": [one for one in life if one.entry.seq != found.seq],
        "keys": packs.key_numbers(found.log),
    }
    return render(request, "ledger/pack.html", context)


def _pack_file(request: HttpRequest, found: Entry, life: list[packs.Choice]) -> HttpResponse:
    wanted = {str(found.event_id), *request.POST.getlist("entry")}
    chosen = [one for one in life if str(one.entry.event_id) in wanted]
    if found.seq not in {one.entry.seq for one in chosen}:  # its object has many younger entries
        chosen = [*packs.choices([found], request.member.pk), *chosen]
    names: dict[uuid.UUID, list[str]] = {one.entry.event_id: [] for one in chosen}
    for one in chosen:
        prefix = f"{one.entry.event_id}:"
        names[one.entry.event_id] = [
            given.removeprefix(prefix) for given in request.POST.getlist("field") if given.startswith(prefix)
        ]
    response = HttpResponse(packs.make(chosen, names), "application/json")
    response["Content-Disposition"] = f'attachment; filename="{packs.name_of(found)}"'
    return response


def _plain(item: reads.Item) -> dict[str, Any]:
    """Without what is about a person or in a person's words: that is shown where it belongs, to whom it may be."""
    return {name: value for name, value in item.fields.items() if not kinds.is_personal(item.kind, name)}


def _log_context(request: HttpRequest) -> dict:
    present = reads.open_log(request.workspace.pk)
    kind = request.GET.get("kind", "")
    known = reads.kinds_in(present)
    if kind and kind not in dict(known):
        kind = ""
    items = reads.entries(present, kind=kind, before=_before(request), limit=PAGE + 1)
    newest = reads.newest_checkpoint(present)
    return {
        "log": present,
        "checkpoint": newest,
        "root": b64encode(bytes(newest.root)).decode() if newest else "",
        "waiting": present.size - newest.size if newest else present.size,
        "checkpoint_url": _published(present, "checkpoint"),
        "key_url": _published(present, "key"),
        "key_numbers": packs.key_numbers(present),
        "anchors": list(present.anchors.order_by("-anchored_at")[:5]),
        "earlier": list(Log.objects.filter(workspace_id=present.workspace_id, epoch__lt=present.epoch)),
        "items": items[:PAGE],
        "older": items[PAGE - 1].seq if len(items) > PAGE else None,
        "kinds": known,
        "kind": kind,
        "inline": present.size <= INLINE,
    }


def _published(log: Log, name: str) -> str:
    namespace = "demo-" if log.demo else ""
    return reverse(f"{namespace}ledger-{name}", kwargs={"workspace_id": log.workspace_id, "epoch": log.epoch})


def _before(request: HttpRequest) -> int | None:
    given = request.GET.get("before", "")
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise Invalid("That page of the ledger does not exist.", next_step="Go back to the newest entries.")
    return int(given)
