"""A brand's corrections as a newspaper prints them: date, what was wrong, why, what is right. Open to everybody where
the brand has switched it on; no names, nothing counted about who reads it.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.accountability import reads, verbs
from quarterdeck.accountability.forms import PromiseForm, into
from quarterdeck.accountability.models import Correction, Promise
from quarterdeck.accountability.views.shared import address
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew import links
from quarterdeck.crew.access import page, public
from quarterdeck.crew.models import Brand
from quarterdeck.shell import toasts

WHY = "A brand that has switched it on shows everybody what it corrected."
CHANGE = "accountability.promise.change"


@public(WHY)
@require_safe
def shown(request: HttpRequest, address: str) -> HttpResponse:
    """The page; NotFound while it is off."""
    promise = reads.open_page(address)
    return _marked(promise, render(request, "accountability/public.html", _context(promise)))


@public(WHY)
@require_safe
def feed(request: HttpRequest, address: str) -> HttpResponse:
    """The same as an Atom feed (RFC 4287)."""
    promise = reads.open_page(address)
    here = links.absolute(reverse("accountability-public", kwargs={"address": address}))
    made = Atom1Feed(
        title=f"Corrections of {promise.brand}",
        link=here,
        description=promise.about,
        author_name=str(promise.brand),
    )
    for one in reads.listed(promise.brand):
        text = " ".join(words for words in (one.why, one.fix, one.prevention) if words)
        made.add_item(
            title=one.wrong,
            link=f"{here}#c-{one.pk.hex}",
            description=text,
            unique_id=f"urn:uuid:{one.pk}",
            pubdate=one.made_at,
            updateddate=one.made_at,
        )
    return _marked(promise, HttpResponse(made.writeString("utf-8"), content_type=made.content_type))


def _context(promise: Promise) -> dict:
    return {
        "promise": promise,
        "brand": promise.brand,
        "entries": reads.listed(promise.brand),
        "zone": promise.brand.workspace.timezone,
        "feed_url": reverse("accountability-feed", kwargs={"address": promise.address}),
    }


def _marked(promise: Promise, response: HttpResponse) -> HttpResponse:
    if not promise.findable:
        response["X-Robots-Tag"] = "noindex"
    return response


# --- its switch ---------------------------------------------------------------------------------------


@page(CHANGE)
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Each brand's promise, and the switch of its public page."""
    return _settings(request)


def _settings(
    request: HttpRequest, refused: PromiseForm | None = None, of: UUID | None = None
) -> HttpResponse:
    kept = {one.brand_id: one for one in Promise.objects.filter(brand__workspace=request.workspace)}
    lines = []
    for brand in request.workspace.brands.order_by("name"):
        promise = kept.get(brand.pk)
        form = refused if refused is not None and brand.pk == of else PromiseForm.of(promise, brand)
        path = reverse("accountability-public", kwargs={"address": promise.address}) if promise else ""
        url = links.absolute(path) if promise and promise.public else ""
        lines.append({"brand": brand, "promise": promise, "form": form, "url": url})
    context = {"lines": lines, "only_here": links.only_here()}
    return render(request, "accountability/settings.html", context, status=422 if refused else 200)


@page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save one brand's; opened as an address it shows all."""
    brand = _brand(request, pk)
    if request.method != "POST":
        return _settings(request)
    form = PromiseForm(request.POST, prefix=brand.pk.hex)
    if not form.is_valid():
        return _settings(request, form, brand.pk)
    try:
        promise = verbs.change_promise(brand, by=request.member, **form.cleaned_data)
    except Invalid as problem:
        into(form, problem)
        return _settings(request, form, brand.pk)
    shows = "Its corrections page is open to everybody." if promise.public else "Its corrections page is off."
    toasts.add(request, f"Saved for {brand}. {shows}")
    return redirect(address(request, "accountability-promises"))


def _brand(request: HttpRequest, pk: UUID) -> Brand:
    found = request.workspace.brands.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such brand in this workspace.")
    return found


@page(CHANGE)
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page as one file that needs nothing else, whether it is switched on or not."""
    brand = _brand(request, pk)
    promise = Promise.objects.filter(brand=brand).first() or Promise(brand=brand)
    context = {
        "promise": promise,
        "brand": brand,
        "entries": reads.listed(brand),
        "zone": request.workspace.timezone,
    }
    response = HttpResponse(
        render_to_string("accountability/file.html", context), content_type="text/html; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, "corrections.html")
    return response


@page("accountability.slip.correct")
@require_POST
def enlist(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one correction on the public page, or take it off."""
    slip = reads.slip(request.workspace, pk)
    correction = Correction.objects.filter(slip=slip).first()
    if correction is None:
        raise NotFound("It is not corrected yet.")
    listed = verbs.enlist(correction, by=request.member, listed=request.POST.get("listed") == "yes").listed
    toasts.add(request, "It stands on the public page." if listed else "It is off the public page.")
    return redirect(address(request, "accountability-slip", pk=slip.pk))
