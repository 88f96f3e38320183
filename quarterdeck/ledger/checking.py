"""Where somebody without an account checks a proof file: the page, the same page as one file that is kept and works
offline, and the script. All three are one implementation twice: static/ledger/pack.js and engines/verify.py.
"""

from __future__ import annotations

import functools
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from quarterdeck.engines import verify
from quarterdeck.ledger.guards import public

_OPEN = "Who checks a proof need not be known to us; it is checked in their browser, and nothing is sent."
MODULES = ("verify.js", "strict.js", "pack.js", "check.js")  # each imports only from those before it


@require_safe
@public(_OPEN)
def page(request: HttpRequest) -> HttpResponse:
    """Check a proof file, or two checkpoints, in this browser."""
    return render(request, "ledger/verify.html")


@require_safe
@public(_OPEN)
def offline(request: HttpRequest) -> HttpResponse:
    """The same page as one file to keep. Its policy lets it reach nothing and run only what it was saved with."""
    response = HttpResponse(saved_page(), "text/html; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="check-a-proof.html"'
    return response


@require_safe
@public(_OPEN)
def script(request: HttpRequest) -> HttpResponse:
    """`verify.py`: one file that checks a proof without us."""
    response = HttpResponse(Path(verify.__file__).read_bytes(), "text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    response["Cache-Control"] = "public, max-age=3600"
    return response


@functools.cache
def saved_page() -> str:
    """The page with its style and its modules inside, and a policy made of their hashes."""
    # Without the fonts, which are files of their own: the reader has some too.
    style = re.sub(r"@font-face \{.*?\}\n?", "", _static("shell/quarterdeck.css"))
    code = "\n".join(_without_modules(_static(f"ledger/{name}")) for name in MODULES)
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(code)};"
    policy += " base-uri 'none'; form-action 'none'"
    return f"""<!doctype html>
<html lang="en" data-theme="auto">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Check a proof</title>
<style>{style}</style>
</head>
<body>
<div class="bare wide"><header><span class="brand">Quarterdeck</span></header><main id="main">
{render_to_string("ledger/_check.html")}
</main><footer>This is a saved page. It reaches no server.</footer></div>
<script type="module">{code}</script>
</body>
</html>
"""


def _static(name: str) -> str:
    return Path(finders.find(name)).read_text()


def _without_modules(code: str) -> str:
    """A module as a part of one script: names are shared, so nothing is imported or exported."""
    return re.sub(r"^export ", "", re.sub(r"^import [^;]*;\n", "", code, flags=re.M), flags=re.M)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
