"""The pillars of each brand, the mix it intends, and the mix it has."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core.problems import Invalid, NotFound, Problem
from quarterdeck.crew.access import page
from quarterdeck.crew.models import Brand
from quarterdeck.shell import toasts
from quarterdeck.strategy import mix, naming, reads, verbs
from quarterdeck.strategy.forms import MixForm, PillarForm, SpanForm
from quarterdeck.strategy.models import Pillar
from quarterdeck.strategy.views.shared import VIEW, act, address, given

CHANGE = "strategy.pillar.change"
SHOWN = timedelta(days=89)  # with today, ninety days
LONGEST = timedelta(days=800)


@page(VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The mix of one brand over some days, in posts."""
    return _index(request, _brand(request))


def _brand(request: HttpRequest) -> Brand:
    """The brand that the address or the form names, else the first."""
    wish = request.POST.get("brand") or request.GET.get("brand") or ""
    try:
        return reads.brand(request.workspace, UUID(wish) if wish else None)
    except ValueError:
        raise NotFound("There is no such brand in this workspace.") from None


def _index(request: HttpRequest, brand: Brand, *, status: int = 200, **more: object) -> HttpResponse:
    first, last, span = _span(request)
    rows = list(reads.pillars(request.workspace, brand))
    may = request.member.may(CHANGE)
    context = {
        "brand": brand,
        "brands": list(request.workspace.brands.order_by("created_at")),
        "mix": mix.mix(rows, naming.posts().mix(brand.pk, first, last)),
        "first": first,
        "last": last,
        "span": span,
        "retired": list(reads.pillars(request.workspace, brand, retired=True)),
        "may_change": may,
        "form": PillarForm(auto_id="new_%s"),
        "mix_form": MixForm(pillars=rows, auto_id="mix_%s") if may and rows else None,
        "changes": [_change(row) for row in rows] if may else [],
    }
    return render(request, "strategy/pillars.html", context | more, status=status)


def _change(row: Pillar) -> tuple[Pillar, PillarForm]:
    initial = {"name": row.name, "about": row.about}
    return row, PillarForm(initial=initial, auto_id=f"pillar_{row.pk.hex[-12:]}_%s")


def _span(request: HttpRequest) -> tuple[date, date, SpanForm]:
    """The days that are counted: as asked, else the last ninety."""
    today = reads.today(request.workspace)
    form = SpanForm(request.GET) if "first" in request.GET else None
    if form is not None and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        if first <= last <= first + LONGEST and first.year > 1999 and last.year < 2100:
            return first, last, form
        form.add_error("last", "Please choose a last day that comes after the first, within two years.")
    first, last = today - SHOWN, today
    return first, last, form or SpanForm(initial={"first": first, "last": last})


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a pillar. Opened as an address, it leads to the list."""
    if request.method != "POST":
        return redirect("strategy-pillar-list", workspace=request.workspace.slug)
    brand, form = _brand(request), PillarForm(request.POST, auto_id="new_%s")
    if form.is_valid():
        try:
            made = verbs.make_pillar(request.member, brand=brand, **form.cleaned_data)
        except Problem as problem:
            for name, words in (problem.fields or {None: problem.next_step}).items():
                form.add_error(name, f"{problem.title} {words}")
        else:
            toasts.add(request, f"“{made.name}” is a pillar now. Its share is set with the others’.")
            return redirect(_page_of(request, made))
    return _index(request, brand, status=422, form=form)


@page(CHANGE)
@require_POST
def set_mix(request: HttpRequest) -> HttpResponse:
    """The share of each pillar, all at once."""
    brand = _brand(request)
    rows = list(reads.pillars(request.workspace, brand))
    form = MixForm(request.POST, pillars=rows, auto_id="mix_%s")
    if form.is_valid():
        try:
            verbs.set_mix(request.member, brand=brand, shares=form.shares())
        except Invalid as problem:
            form.add_error(None, f"{problem.title} {problem.next_step}")
        else:
            toasts.add(request, "The intended mix is set.")
            return redirect(f"{address(request, 'strategy-pillar-list')}?brand={brand.pk}")
    return _index(request, brand, status=422, mix_form=form)


def _page_of(request: HttpRequest, row: Pillar) -> str:
    return f"{address(request, 'strategy-pillar-list')}?brand={row.brand_id}"


@act(CHANGE, reads.pillar, _page_of)
def change(request: HttpRequest, row: Pillar) -> str:
    changed = verbs.change_pillar(row, by=request.member, **given(PillarForm(request.POST)))
    return f"“{changed.name}” is saved."


@act(CHANGE, reads.pillar, _page_of)
def retire(request: HttpRequest, row: Pillar) -> str:
    verbs.retire_pillar(row, by=request.member)
    return f"“{row.name}” is offered no more. Posts that name it keep it."


@act(CHANGE, reads.pillar, _page_of)
def restore(request: HttpRequest, row: Pillar) -> str:
    verbs.restore_pillar(row, by=request.member)
    return f"“{row.name}” is in use again. Give it a share with the others."
