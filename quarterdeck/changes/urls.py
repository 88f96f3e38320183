"""The addresses of changes."""

from django.urls import path

from quarterdeck.changes.views import one

workspace_urls = [
    path("changes/<uuid:pk>/", one.show, name="changes-change"),
]
