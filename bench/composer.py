"""The composer in a real browser: from a key to the meter and to the drawn previews, four times slower than here.

Four channels, text typed key by key, three times, of which the calmest counts: it is wall time, and what else runs only
adds to it. Nothing here waits for the server, so that the workspace is a small one.
"""

from __future__ import annotations

import os
import threading

from bench import ground

RUNS = 3
TEXT = "Nettle soup from Tuesday, with bread and the first rhubarb. https://example.com/menu #SpringMenu"


def main() -> list[dict]:
    """Rows of claim, figure and target."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs a loop in this thread
    with ground.house(clock="demo"):
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        times = _typed()
    return [
        {
            "claim": "composer: key to meter, 4 channels, 4x slower processor, wall",
            "figure": f"p95 {times['meter']:.0f} ms",
            "target": "<= 50 ms",
        },
        {
            "claim": "composer: key to drawn previews, the same",
            "figure": f"p95 {times['shown']:.0f} ms",
            "target": "<= 100 ms",
        },
        {
            "claim": "composer: how often a key makes the browser lay the page out anew",
            "figure": f"{times['layouts']:.1f}",
            "target": "<= 4",
        },
    ]


def _typed() -> dict[str, float]:
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

    from django.core.wsgi import get_wsgi_application
    from playwright.sync_api import sync_playwright

    from quarterdeck.channels.by_hand.verbs import connect_by_hand
    from quarterdeck.publishing.tests import typing_time, world
    from quarterdeck.shell.tests import browser

    class Server(ThreadingMixIn, WSGIServer):
        """A browser opens connections ahead; with one thread the first of those would keep all others waiting."""

        daemon_threads = True

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args) -> None:
            pass

    w = world.two()
    for network in ("instagram", "x", "linkedin"):
        connect_by_hand(w.approver, brand=w.brand, network=network, name=f"bench {network}")
    app = get_wsgi_application()
    server = make_server("127.0.0.1", 0, app, server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as driver:
            chromium = driver.chromium.launch(executable_path=browser.executable(), args=browser.ARGUMENTS)
            page, base = chromium.new_page(), f"http://localhost:{server.server_port}"
            page.route("**/live/stream?*", lambda route: route.fulfill(status=204))
            browser.sign_in(page, base, w.author.user)
            page.goto(f"{base}/w/{w.author.workspace.slug}/posts/new/")
            page.wait_for_selector("form.scripted")
            for box in page.get_by_role("group", name="Goes to").get_by_role("checkbox").all()[-4:]:
                box.check()
            text, runs = page.locator("[data-source]").first, []
            for _ in range(RUNS):
                text.fill("")
                runs.append(typing_time.measured(page, TEXT))
            chromium.close()
            return {name: min(run[name] for run in runs) for name in runs[0]}
    finally:
        server.shutdown()


if __name__ == "__main__":
    from bench.__main__ import table

    print(table(main()))
