"""A pytest plugin that builds the ground a test run stands on, before Django reads its settings.

One PostgreSQL for the whole run: the one named by DATABASE_URL, else an embedded one of our own. Always a fresh
data directory, so that a test run can never touch the keys or the data of a real installation.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import database

settings.register_profile(
    "quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("full", max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

PATIENCE = 20.0  # seconds an `expect` of a browser test waits; the machine may be busy with other tests

_ground: dict = {}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    os.environ["QUARTERDECK_CLOCK"] = "test"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the test's own thread
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        _ground["data"] = os.environ["QUARTERDECK_DATA"] = tempfile.mkdtemp(prefix="qd-test-")
        if not os.environ.get("DATABASE_URL"):
            _start_postgres()
    return (yield)


def _start_postgres() -> None:
    from quarterdeck.core import postgres

    cluster = postgres.Cluster(Path(_ground["data"]) / "postgres", durable=False)
    cluster.start()
    _ground["cluster"] = cluster
    os.environ["DATABASE_URL"] = cluster.url
    database.make_template(cluster)


def pytest_sessionstart() -> None:
    from django.conf import settings

    database.use_template()
    settings.MIDDLEWARE = ["tests.house.no_stream", *settings.MIDDLEWARE]


def no_stream(get_response: Callable) -> Callable:
    """The stream of events is served by the outer application, which does not run beside the pages a test opens: their
    browsers are told that there is none. (To answer in the browser instead would switch off its cache.)"""
    from django.http import HttpResponse

    def answer(request):
        answered = get_response(request)
        nothing = answered.status_code == 404 and request.path == "/live/stream"
        return HttpResponse(status=204) if nothing else answered

    return answer


@pytest.fixture(scope="session", autouse=True)
def _emptied_cheaply() -> Generator[None, None, None]:
    with database.emptied_where_something_is():
        yield


def pytest_configure(config: pytest.Config) -> None:
    """Every test that was given a second chance is named in the summary; what is expected of a page may take long."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE * 1000)
    if config.pluginmanager.hasplugin("rerunfailures") and "R" not in config.option.reportchars:
        config.option.reportchars += "R"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is given most time begins first, so that no process waits for one long module at the end. And a browser
    that got no processor for half a minute fails its test, not the run: it may try once more."""
    longest: dict[Path, float] = {}
    for item in items:
        given = item.get_closest_marker("timeout")
        longest[item.path] = max(longest.get(item.path, 0.0), given.args[0] if given and given.args else 0.0)
    items.sort(key=lambda item: -longest[item.path])
    if not config.pluginmanager.hasplugin("rerunfailures"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_unconfigure(config: pytest.Config) -> None:
    if cluster := _ground.pop("cluster", None):
        cluster.stop()
    if data := _ground.pop("data", None):
        shutil.rmtree(data, ignore_errors=True)
