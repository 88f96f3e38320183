"""Pages for members under the workspace, and the log itself under its own origin (c2sp.org/tlog-tiles)."""

from django.urls import include, path

from quarterdeck.ledger import checking, published, views

workspace_urls = [
    path("ledger/", views.log, name="ledger-log"),
    path("ledger/verification/", views.verification, name="ledger-log-verify"),
    path("ledger/entries/<uuid:event_id>/", views.entry, name="ledger-entry"),
    path("ledger/entries/<uuid:event_id>/leaf", views.leaf, name="ledger-entry-leaf"),
    path("ledger/entries/<uuid:event_id>/fields", views.fields, name="ledger-entry-fields"),
    path("ledger/entries/<uuid:event_id>/proof.tlog-proof", views.proof, name="ledger-entry-proof"),
    path("ledger/entries/<uuid:event_id>/pack/", views.pack, name="ledger-entry-pack"),
]


def _log(origin: str) -> list:
    return [
        path("checkpoint", published.checkpoint, name=f"{origin}ledger-checkpoint"),
        path("key", published.key, name=f"{origin}ledger-key"),
        path("since/<int:size>", published.since, name=f"{origin}ledger-since"),
        path("tile/entries/<path:address>", published.entries, name=f"{origin}ledger-bundle"),
        path("tile/<int:level>/<path:address>", published.tile, name=f"{origin}ledger-tile"),
    ]


public_urls = [
    path("verify/", checking.page, name="verify"),
    path("verify/offline.html", checking.offline, name="verify-offline"),
    path("verify.py", checking.script, name="verify-script"),
    path("ledger/<uuid:workspace_id>/<int:epoch>/", include(_log(""))),
    path("demo/ledger/<uuid:workspace_id>/<int:epoch>/", include(_log("demo-"))),
]
