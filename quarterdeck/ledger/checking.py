"""Where somebody without an account checks a proof file: the page, the script, and the log's word between two sizes."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from quarterdeck.engines import verify
from quarterdeck.ledger.guards import public

_OPEN = "Who checks a proof need not be known to us; it is checked in their browser, and nothing is sent."


@require_safe
@public(_OPEN)
def script(request: HttpRequest) -> HttpResponse:
    """`verify.py`: one file that checks a proof without us."""
    response = HttpResponse(Path(verify.__file__).read_bytes(), "text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    response["Cache-Control"] = "public, max-age=3600"
    return response
