"""The log as static resources under its origin (c2sp.org/tlog-tiles): checkpoint and hash tiles for anyone,
entry bundles for the workspace's members. Only what the newest signed checkpoint covers is served, so that a
cache never keeps a hash that no signature stands behind.
"""

from __future__ import annotations

import uuid
from base64 import b64encode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from quarterdeck.core.problems import Forbidden, NotFound
from quarterdeck.engines import tiles
from quarterdeck.ledger import reads, tree
from quarterdeck.ledger.guards import may_read, public
from quarterdeck.ledger.models import Entry, Log

FOREVER = "max-age=31536000, immutable"
_OPEN = "A checkpoint and hashes tell nothing but that something was recorded; anyone may check the log."


@require_safe
@public(_OPEN)
def checkpoint(request: HttpRequest, workspace_id: uuid.UUID, epoch: int) -> HttpResponse:
    """The newest signed checkpoint, as text."""
    newest = reads.newest_checkpoint(_log(workspace_id, epoch))
    if newest is None:
        raise NotFound("This log has no signed checkpoint yet.")
    return _for_anyone(HttpResponse(newest.note, "text/plain; charset=utf-8"), "max-age=2")


@require_safe
@public(_OPEN)
def key(request: HttpRequest, workspace_id: uuid.UUID, epoch: int) -> HttpResponse:
    """The log's verifier keys, one vkey line each. Compare them with a copy that came another way."""
    log = _log(workspace_id, epoch)
    if not log.verifier_keys:
        raise NotFound("This log has no key yet; it gets one with its first checkpoint.")
    lines = "".join(f"{line}\n" for line in log.verifier_keys)
    return _for_anyone(HttpResponse(lines, "text/plain; charset=utf-8"), "max-age=60")


@require_safe
@public(_OPEN)
def since(request: HttpRequest, workspace_id: uuid.UUID, epoch: int, size: int) -> HttpResponse:
    """The newest checkpoint behind the proof that it contains the one of `size` entries: `old <size>`, hashes, an empty
    line (the form of c2sp.org/tlog-witness). Whoever kept the old one sees whether anything before was changed."""
    log = _log(workspace_id, epoch)
    newest = reads.newest_checkpoint(log)
    if newest is None or newest.size < size:
        raise NotFound(f"No checkpoint of {size} entries or more was signed here.")
    hashes = [b64encode(one).decode() for one in tree.consistency(log.pk, size, newest.size)]
    proof = "\n".join([f"old {size}", *hashes]) + "\n\n"
    return _for_anyone(HttpResponse(proof + newest.note, "text/plain; charset=utf-8"), "max-age=2")


@require_safe
@public(_OPEN)
def tile(request: HttpRequest, workspace_id: uuid.UUID, epoch: int, level: int, address: str) -> HttpResponse:
    """One tile of hashes, full or partial."""
    log = _log(workspace_id, epoch)
    number, width = _covered(log, level, address)
    hashes = tree.tile(log.pk, level, number)[: width * tiles.HASH]
    return _for_anyone(HttpResponse(hashes, "application/octet-stream"), FOREVER)


@require_safe
@public(
    "Refused within to whoever is not a member: an address under the log's origin names no workspace slug."
)
def entries(request: HttpRequest, workspace_id: uuid.UUID, epoch: int, address: str) -> HttpResponse:
    """One bundle of entries, for members of the workspace."""
    if not may_read(request.user, workspace_id):
        raise Forbidden("The entries of this log are for members of its workspace.")
    log = _log(workspace_id, epoch)
    number, width = _covered(log, 0, address)
    first = number * tiles.WIDTH
    leaves = Entry.objects.filter(log=log, seq__gte=first, seq__lt=first + width).order_by("seq")
    data = tiles.bundle(bytes(leaf) for leaf in leaves.values_list("leaf", flat=True))
    response = HttpResponse(data, "application/octet-stream")
    response["Cache-Control"] = f"private, {FOREVER}"
    response["Vary"] = "Cookie"
    return response


def _log(workspace_id: uuid.UUID, epoch: int) -> Log:
    found = Log.objects.filter(workspace_id=workspace_id, epoch=epoch).first()
    if found is None:
        raise NotFound("There is no such log.")
    return found


def _covered(log: Log, level: int, address: str) -> tuple[int, int]:
    """The tile's number and width, when the newest checkpoint covers it. NotFound otherwise."""
    newest = reads.newest_checkpoint(log)
    try:
        number, width = tiles.decode(address)
    except tiles.TileError as wrong:
        raise NotFound("That is not the address of a tile.") from wrong
    if newest is None or level > 63 or tiles.width_at(level, number, newest.size) < width:
        raise NotFound("No signed checkpoint covers this tile.")
    return number, width


def _for_anyone(response: HttpResponse, caching: str) -> HttpResponse:
    response["Cache-Control"] = f"public, {caching}"
    response["Access-Control-Allow-Origin"] = "*"  # a verifier's page elsewhere may read it
    return response
