from django.urls import path

from quarterdeck.planning.views import calendar, layers, moving, out, series, slots, watches

workspace_urls = [
    path("calendar/", calendar.calendar, name="planning-calendar"),
    path("calendar/posts/<uuid:pk>/move/", moving.move, name="planning-move"),
    path("calendar/posts/<uuid:pk>/series/", series.begin, name="planning-series-begin"),
    path("calendar/posts/<uuid:pk>/watch/", watches.name, name="planning-watch"),
    path("calendar/slots/", slots.index, name="planning-slots"),
    path("calendar/slots/<uuid:pk>/removal/", slots.remove, name="planning-slot-remove"),
    path("calendar/layers/", layers.index, name="planning-layers"),
    path("calendar/layers/<uuid:pk>/removal/", layers.remove_span, name="planning-span-remove"),
    path("calendar/layers/<uuid:pk>/return/", layers.restore_span, name="planning-span-restore"),
    path("calendar/layers/elsewhere/", layers.add_layer, name="planning-layer-add"),
    path("calendar/layers/elsewhere/<uuid:pk>/removal/", layers.remove_layer, name="planning-layer-remove"),
    path("calendar/series/", series.index, name="planning-series"),
    path("calendar/series/<uuid:pk>/end/", series.end, name="planning-series-end"),
    path("calendar/feeds/", out.feeds, name="planning-feeds"),
    path("calendar/sheet/", out.sheet, name="planning-sheet"),
    path("calendar/pdf/", out.pdf, name="planning-pdf"),
    path("settings/planning/", slots.change_rules, name="planning-rules"),
]
