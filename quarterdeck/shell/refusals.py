"""How a refusal looks: a page, a part for htmx, or problem details (RFC 9457), by what was asked for.

Every way a request can fail ends here, so that each says what happened, what was not done and what to do.
"""

from __future__ import annotations

import logging

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from quarterdeck.core import ids
from quarterdeck.core.problems import Forbidden, NotFound, Problem, Unavailable
from quarterdeck.shell.frame import Frame

log = logging.getLogger(__name__)

MARK = "X-Problem"  # tells the browser's side that a body is a refusal of ours, and may be shown
JSON = "application/problem+json"

LAST_RESORT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Something broke</title>
<h1>Something broke on our side</h1><p>It is not known whether what you asked for was done; look before you try
again.</p><p><a href="/">Go to the start</a></p>"""


def as_problem(error: BaseException) -> Problem | None:
    """The words for an error that is expected to happen; None for a bug."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return NotFound(
            "There is nothing at this address.",
            next_step="It may have moved, been removed, or belong to a workspace you are not a member of.",
        )
    if isinstance(error, PermissionDenied):
        return Forbidden(
            "This is not yours to do.", next_step="An owner of the workspace can change your role."
        )
    if isinstance(error, SuspiciousOperation):
        return Problem(
            "What your browser sent could not be read.",
            next_step="Go back, reload the page and try once more; a very large text or file may have to be smaller.",
        )
    if isinstance(error, OperationalError | InterfaceError) or _pool_is_empty(error):
        return Unavailable(
            "The database does not answer at present.",
            not_done="Nothing was saved by this request.",
            next_step="It is restarted by itself; try again in a minute. What you typed stays in this browser.",
        )
    return None


def _pool_is_empty(error: BaseException) -> bool:
    return isinstance(error, DatabaseError) and "pool" in str(error).lower()


def wants_json(request: HttpRequest) -> bool:
    """True when JSON was asked for before HTML (a browser's `*/*` is no such wish)."""
    offered = ["text/html", JSON, "application/json"]
    return (request.get_preferred_type(offered) or "text/html") != "text/html"


def answer(
    request: HttpRequest, problem: Problem, *, reference: str = "", framed: bool = True
) -> HttpResponse:
    """The response to a refused request. `framed` False keeps away from the database and the session."""
    if wants_json(request):
        body = problem.as_json() | ({"instance": f"urn:uuid:{reference}"} if reference else {})
        return _marked(JsonResponse(body, status=problem.status, content_type=JSON), problem)
    context = {"problem": problem, "reference": reference}
    if getattr(request, "htmx", None):
        text = render_to_string("shell/_problem.html", context)
        response = HttpResponse(text, status=problem.status)
        response["HX-Retarget"] = "#toasts-assertive"
        response["HX-Reswap"] = "beforeend"
        return _marked(response, problem)
    return _marked(_page(request, context, problem, framed), problem)


def _page(request: HttpRequest, context: dict, problem: Problem, framed: bool) -> HttpResponse:
    context |= {"back_url": _back(request), "outer": "shell/bare.html"}
    if not framed:
        return HttpResponse(render_to_string("shell/error.html", context), status=problem.status)
    workspace = getattr(request, "workspace", None)
    if workspace is not None:
        start = Frame(request).href("desk") or "/"
        context |= {"outer": "shell/page.html", "home_url": start, "home_label": "Go to the Desk"}
    return render(request, "shell/error.html", context, status=problem.status)


def _back(request: HttpRequest) -> str:
    """The page the person came from, when it is another page of ours."""
    try:
        ours = f"{request.scheme}://{request.get_host()}/"
    except SuspiciousOperation:  # a host that is no host: the very thing being refused
        return ""
    came_from = request.META.get("HTTP_REFERER", "")
    here = ours + request.get_full_path().lstrip("/")
    return came_from if came_from.startswith(ours) and (came_from != here or request.method == "POST") else ""


def _marked(response: HttpResponse, problem: Problem) -> HttpResponse:
    response[MARK] = problem.code
    response["Cache-Control"] = "no-store"
    if problem.status == 503:
        response["Retry-After"] = "30"
    return response


# --- what Django calls when no view did (the address book names these) -------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = as_problem(exception) or Problem("What your browser sent could not be read.")
    return answer(request, problem, framed=False)  # what is unreadable may be the host or the session itself


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, as_problem(exception) or Forbidden("This is not yours to do."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, as_problem(exception) or NotFound("There is nothing at this address."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: mostly a page left open over a new sign-in, or cookies that are refused."""
    log.info("A form was refused: %s", reason)
    problem = Forbidden(
        "This page had grown too old to send its form.",
        next_step="Go back, reload the page and send it again; what you typed in long fields comes back by "
        "itself. If it happens again, this browser may be refusing our cookie.",
    )
    return answer(request, problem)


def broken(request: HttpRequest) -> HttpResponse:
    """A bug, or a middleware that met a missing database: words, a reference for the log, never a bare 500."""
    import sys

    error = sys.exc_info()[1]
    reference = str(ids.new())
    log.error("Reference %s: %s %s", reference, request.method, request.path)
    known = as_problem(error) if error else None
    problem = known or Problem(
        "Something broke on our side.",
        not_done="It is not known whether what you asked for was done; look before you try again.",
        next_step="Go back and try once more. If it breaks again, tell whoever runs this installation.",
        status=500,
    )
    try:
        return answer(request, problem, reference="" if known else reference, framed=False)
    except Exception:
        log.exception("Reference %s: the error page itself broke.", reference)
        return HttpResponse(LAST_RESORT, status=500)


def login_address(current_path: str) -> str:
    """Where a person signs in and then returns to `current_path`."""
    from urllib.parse import urlencode

    return f"{reverse('account_login')}?{urlencode({'next': current_path})}"
