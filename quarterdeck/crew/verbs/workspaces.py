"""Acts on workspaces and brands."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from quarterdeck import ledger
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member, User, Workspace
from quarterdeck.crew.permissions import Role
from quarterdeck.crew.rules import inside, known_zone, locked_workspace, record_joined, worded

OWNED_MOST = 100  # by one person: every workspace has a log and keys of its own


@verb
def create_workspace(*, by: User, name: str, timezone: str, demo: bool = False) -> Member:
    """Make a workspace with its log, a first brand of the same name, and `by` as its owner."""
    if Member.objects.filter(user=by, role=Role.OWNER, left_at=None).count() >= OWNED_MOST:
        raise Conflict(
            f"You own {OWNED_MOST} workspaces already.",
            not_done="None was added.",
            next_step="Work in one of them, or ask a colleague to make this one.",
        )
    name, timezone = worded(name, "name", 80), known_zone(timezone)
    now = clock.now()
    workspace = _with_free_slug(Workspace(name=name, timezone=timezone, is_demo=demo, created_at=now))
    ledger.open_log(workspace.pk, demo=demo)
    owner = Member.objects.create(workspace=workspace, user=by, role=Role.OWNER, joined_at=now)
    brand = Brand.objects.create(workspace=workspace, name=name, created_at=now)
    ledger.record(
        "crew.workspace.created",
        actor=owner,
        about=workspace,
        fields={"name": name, "timezone": timezone, "demo": demo},
    )
    ledger.record("crew.brand.added", actor=owner, about=brand, fields={"name": name})
    record_joined(owner)
    return owner


@verb
def change_workspace(*, by: Member, name: str, timezone: str) -> Workspace:
    """Rename the workspace or move its time zone. Its address keeps the old name: links stay valid."""
    workspace = locked_workspace(by)
    workspace.name, workspace.timezone = worded(name, "name", 80), known_zone(timezone)
    workspace.save(update_fields=["name", "timezone"])
    ledger.record(
        "crew.workspace.changed",
        actor=by,
        about=workspace,
        fields={"name": workspace.name, "timezone": workspace.timezone},
    )
    return workspace


@verb
def add_brand(*, by: Member, name: str) -> Brand:
    """Add a voice the team speaks with. Conflict when another has this name, whatever its capitals."""
    workspace = locked_workspace(by)
    name = _free_brand_name(workspace, name)
    brand = Brand.objects.create(workspace=workspace, name=name, created_at=clock.now())
    ledger.record("crew.brand.added", actor=by, about=brand, fields={"name": name})
    return brand


@verb
def rename_brand(brand: Brand, *, by: Member, name: str) -> Brand:
    """Give a brand another name."""
    workspace = locked_workspace(by)
    brand = inside(Brand, brand.pk, workspace)
    was, brand.name = brand.name, _free_brand_name(workspace, name, besides=brand)
    brand.save(update_fields=["name"])
    ledger.record("crew.brand.renamed", actor=by, about=brand, fields={"name": brand.name, "was": was})
    return brand


def _with_free_slug(workspace: Workspace) -> Workspace:
    stem = slugify(workspace.name)[:50].strip("-") or "workspace"
    for number in range(1, 1000):
        workspace.slug = stem if number == 1 else f"{stem}-{number}"
        if Workspace.objects.filter(slug=workspace.slug).exists():
            continue
        try:
            with transaction.atomic():
                workspace.save(force_insert=True)
        except IntegrityError:
            continue  # somebody took it in between
        return workspace
    raise Conflict("Too many workspaces have this name.", next_step="Choose another name.")


def _free_brand_name(workspace: Workspace, name: str, besides: Brand | None = None) -> str:
    name = worded(name, "name", 80)
    same = workspace.brands.filter(name__iexact=name).exclude(pk=besides and besides.pk)
    if same.exists():
        raise Conflict(f"There is a brand called {name} already.", next_step="Choose another name.")
    return name
