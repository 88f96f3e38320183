"""The page “Public address” of the installation: set it, test it, and what to write into the proxy's file."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quarterdeck.core import env, reach
from quarterdeck.core.problems import Invalid, NotFound
from quarterdeck.crew.access import page, public
from quarterdeck.shell import middleware, toasts, verbs

CADDY = """{host} {{
    request_body {{
        max_size 64MB
    }}
    reverse_proxy 127.0.0.1:{port}
}}
"""

NGINX = """server {{
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name {host};
    ssl_certificate     /etc/letsencrypt/live/{host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;
    client_max_body_size 64m;

    location / {{
        proxy_pass http://127.0.0.1:{port};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_read_timeout 75s;
    }}
}}

server {{
    listen 80;
    listen [::]:80;
    server_name {host};
    return 301 https://$host$request_uri;
}}
"""


class Address(forms.Form):
    url = forms.CharField(
        label="Public address",
        max_length=300,
        required=False,
        help_text="What people elsewhere type, like https://desk.example.org. Empty: this machine only.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page("crew.installation.change")
def address(request: HttpRequest) -> HttpResponse:
    """See and change the public address. A new one is not believed until a test has passed."""
    form = Address(request.POST if request.method == "POST" else None, initial={"url": reach.public_url()})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.set_public_address(form.cleaned_data["url"], by=request.user)
        except Invalid as invalid:
            form.add_error("url", invalid.fields.get("url", invalid.title))
        else:
            toasts.add(request, "Saved. Test it now: until a test passes, links stay on this machine.")
            return redirect("shell-address", workspace=request.workspace.slug)
    response = render(request, "shell/reach.html", _context(form), status=422 if form.errors else 200)
    origin = reach.public_url()
    if origin:  # this page alone may ask the public address, from the person's own browser
        widened = middleware.policy().replace("connect-src 'self'", f"connect-src 'self' {origin}")
        response.headers["Content-Security-Policy"] = widened
    return response


def _context(form: Address) -> dict:
    now = reach.status()
    host = urlsplit(now.url).netloc or "desk.example.org"
    given = {"host": host, "port": env.get("QUARTERDECK_PORT")}
    return {
        "form": form,
        "reach": now,
        "fixed": reach.from_environment(),
        "nonce": reach.new_nonce() if now.url else "",
        "https": now.url.startswith("https://"),
        "caddy": CADDY.format(**given),
        "nginx": NGINX.format(**given),
    }


@require_POST
@page("crew.installation.change")
def tested(request: HttpRequest) -> HttpResponse:
    """What the person's browser got from the public address, or, when it got nothing, this machine's own try."""
    url = reach.public_url()
    nonce, mark = request.POST.get("nonce", ""), request.POST.get("mark", "")
    if request.POST.get("url") != url or not url:
        words = "The public address has changed in between. Please test again."
    elif reach.is_mark(nonce, mark):
        reach.note_passed(url, "browser")
        words = f"Passed: your browser reached this installation at {url}."
    elif problem := reach.ask_from_here(url):
        words = f"Not passed. Your browser got no answer of this installation; this machine says: {problem}"
    else:
        reach.note_passed(url, "server")
        words = f"Passed: this machine reached itself at {url}, though your browser did not."
    toasts.add(request, words)
    return redirect("shell-address", workspace=request.workspace.slug)


@never_cache
@require_safe
@public(
    "anyone may ask for the mark of a nonce we gave out; it proves whose address this is and nothing else"
)
def mark(request: HttpRequest, nonce: str) -> HttpResponse:
    """This installation's mark of a nonce. Pages elsewhere may read it: the test is asked from localhost."""
    found = reach.mark(nonce)
    if found is None:
        raise NotFound("This test is over, or it is another installation’s.")
    response = JsonResponse({"mark": found})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
