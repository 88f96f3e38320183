"""The product's addresses and some that tell a test what Django saw of a request."""

from __future__ import annotations

import hashlib
import threading
import time

from django.db import connection
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from quarterdeck.config import urls
from quarterdeck.crew.access import page, public

_calls = {"count": 0}
_lock = threading.Lock()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@csrf_exempt
@public("a test asks what arrived")
def echo(request):
    with _lock:
        _calls["count"] += 1
    if request.content_type == "multipart/form-data":
        files = {name: [f.name, f.size, _digest(f.read())] for name, f in request.FILES.items()}
        seen = {"form": request.POST.dict(), "files": files}
    elif request.content_type == "application/x-www-form-urlencoded":
        seen = {"form": request.POST.dict()}
    else:
        seen = {"size": len(request.body), "sha256": _digest(request.body)}
    return JsonResponse(
        seen
        | {
            "method": request.method,
            "path": request.path,
            "query": request.GET.dict(),
            "scheme": request.scheme,
            "host": request.get_host(),
            "client": request.META["REMOTE_ADDR"],
            "meta": {k: v for k, v in request.META.items() if k.startswith("HTTP_")},
        }
    )


@public("a test asks how often echo was called")
def count(request):
    return JsonResponse({"count": _calls["count"]})


@public("a test needs an answer that takes its time")
def slow(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [float(request.GET["seconds"])])
    return HttpResponse("at last")


@public("a test needs a large answer")
def large(request):
    return StreamingHttpResponse((b"x" * 65536 for _ in range(int(request.GET["pieces"]))), "text/plain")


@public("a test needs a file")
def file(request):
    return FileResponse(open(__file__, "rb"))


@public("a test needs a fault")
def boom(request, **parts):
    raise RuntimeError("as asked")


@public("a test needs cookies")
def cookies(request):
    request.session["since"] = time.time()
    response = HttpResponse("set")
    response.set_cookie("plain", "1")
    return response


@page("crew.workspace.view")
def live_page(request):
    """A page of a workspace with live parts, each of which shows how often it was fetched."""
    return HttpResponse(PAGE.render({"member": request.member}, request))


PAGE = engines["django"].from_string(
    """{% extends "shell/page.html" %}{% block content %}
    <section id="one" data-live="test.thing:1" hx-get="part/?of=one" hx-trigger="live">
      <output>0</output><input aria-label="Words">
    </section>
    <section id="any" data-live="test.other test.thing" hx-get="part/?of=any" hx-trigger="live">
      <output>0</output></section>
    <section id="plain" data-live="test.plain" hx-get="part/?of=plain"><output>0</output></section>
    {% endblock %}"""
)


@page("crew.workspace.view")
def live_part(request):
    with _lock:
        key = (request.member.pk, request.GET["of"])
        _calls[key] = _calls.get(key, 0) + 1
    return HttpResponse(f"<output>{_calls[key]}</output><input aria-label='Words'>")


@public("a test asks how many streams stand open")
def streams(request):
    from quarterdeck.config.asgi import application

    return JsonResponse({"count": application.hub.count()})


urlpatterns = [
    path("w/<slug:workspace>/echo/", live_page),
    path("w/<slug:workspace>/echo/part/", live_part),
    path("echo/streams", streams),
    path("echo", echo),
    path("echo/count", count),
    path("echo/slow", slow),
    path("echo/large", large),
    path("echo/file", file),
    path("echo/boom", boom),
    path("echo/boom/<str:token>/", boom),
    path("echo/cookies", cookies),
    *urls.urlpatterns,
]
