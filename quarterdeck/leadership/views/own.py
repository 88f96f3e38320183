"""The person's own pages outside every workspace: what they wrote leaves with them, also after they left."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew.access import signed_in
from quarterdeck.leadership import files, intake, reads
from quarterdeck.leadership.forms import asked_year
from quarterdeck.shell import toasts


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    context = {"years": reads.years(request.user), "kinds_of_file": files.KINDS}
    return render(request, "leadership/mine.html", context)


@signed_in
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """A year as one file (`?of=2026&as=html`). Names of others are left out unless `&names=with` asks for them."""
    number, kind = asked_year(request), request.GET.get("as", "html")
    if kind not in files.KINDS:
        raise NotFound("There is no such kind of file.")
    if number not in reads.years(request.user):
        raise NotFound("There is nothing of yours from that year.")
    made = files.make(request.user, number, kind, names=request.GET.get("names") == "with")
    response = HttpResponse(made.data, content_type=made.mime)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@signed_in
@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    if request.POST.get("sure") != "yes":
        raise Invalid(
            "Please tick that you want it deleted.", not_done="Nothing was deleted.", next_step="Go back."
        )
    intake.switch_off(request.user, delete=True)
    toasts.add(request, "Your private week is off, and all of it is deleted.")
    return redirect("leadership-mine")
