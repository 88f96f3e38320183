from django.urls import path

from quarterdeck.planning.views import calendar, moving

workspace_urls = [
    path("calendar/", calendar.calendar, name="planning-calendar"),
    path("calendar/posts/<uuid:pk>/move/", moving.move, name="planning-move"),
]
