"""The addresses of changes."""

from django.urls import path

from quarterdeck.changes.views import asking, one

workspace_urls = [
    path("posts/<uuid:pk>/changes/", asking.show, name="changes-post"),
    path("posts/<uuid:pk>/changes/words/", asking.edit, name="changes-edit"),
    path("posts/<uuid:pk>/changes/answer/", asking.answer, name="changes-answer"),
    path("posts/<uuid:pk>/changes/removal/", asking.remove, name="changes-remove"),
    path("posts/<uuid:pk>/changes/removal/undo/", asking.undo, name="changes-post-undo"),
    path("changes/<uuid:pk>/", one.show, name="changes-change"),
    path("changes/<uuid:pk>/made/", one.made, name="changes-made"),
    path("changes/<uuid:pk>/leaving/", one.leave, name="changes-leave"),
    path("changes/<uuid:pk>/retry/", one.retry, name="changes-retry"),
    path("changes/<uuid:pk>/withdrawal/", one.withdraw, name="changes-withdraw"),
]
