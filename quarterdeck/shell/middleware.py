"""What the shell does to every response: a strict content security policy, refusals in words, toasts for htmx."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect

from quarterdeck.core.problems import Problem
from quarterdeck.shell import refusals, toasts

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "object-src": ["'none'"],
}
UNUSED = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
    "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{feature}=()" for feature in UNUSED)


def policy() -> str:
    """The Content-Security-Policy. A sign-in form that is redirected to an identity provider needs its origin
    in `settings.FORM_ACTION_ORIGINS`: Chromium checks form-action against redirects too."""
    rules = POLICY | {
        "form-action": POLICY["form-action"] + list(getattr(settings, "FORM_ACTION_ORIGINS", []))
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in rules.items())


class Headers:
    """First in the list, so that static files and refusals carry them too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response


class Shell:
    """Last in the list (after messages and htmx): problems into words, toasts and sign-in redirects for htmx."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A page may hold somebody's work or a key: nothing keeps it unless its view says how. Static files do not
        # come this far.
        response.headers.setdefault("Cache-Control", "no-store, private")
        if response.status_code == 405 and not response.content:
            response = self._wrong_way(request, response)
        if getattr(request, "htmx", None):
            return self._for_htmx(request, response)
        return response

    def _wrong_way(self, request: HttpRequest, refused: HttpResponse) -> HttpResponse:
        """An address that was opened where it wants a form, or the other way round."""
        problem = Problem(
            "This address is not for opening that way.",
            next_step="Go back and use the button on the page instead.",
            status=405,
        )
        response = refusals.answer(request, problem)
        response["Allow"] = refused["Allow"]
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = refusals.as_problem(error)
        if problem is None:
            return None
        return refusals.answer(request, problem, framed=problem.status != 503)

    def _for_htmx(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A part is no page: sign-in takes the whole page, and toasts travel in a header."""
        moves = {"HX-Redirect", "HX-Refresh", "HX-Location"} & set(response.headers)
        if 300 <= response.status_code < 400:
            target = response.headers.get("Location", "")
            if target.split("?")[0] == refusals.login_address("").split("?")[0]:
                here = request.htmx.current_url_abs_path or "/"
                return HttpResponseClientRedirect(refusals.login_address(here))
        elif not moves and hasattr(request, "_messages"):
            toasts.into_header(request, response)
        return response
