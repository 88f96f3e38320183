"""The addresses of accountability. What somebody outside opens has none of its own: crew opens it by the link."""

from django.urls import path

from quarterdeck.accountability.views import fixing, flagging, public, slips
from quarterdeck.accountability.views import path as steps

workspace_urls = [
    path("corrections/", slips.index, name="accountability-list"),
    path("corrections/flag/", flagging.choose, name="accountability-choose"),
    path("posts/<uuid:pk>/flag/", flagging.flag, name="accountability-flag"),
    path("posts/<uuid:pk>/fix/", fixing.fix, name="accountability-fix"),
    path("posts/<uuid:pk>/flag/links/", flagging.doors, name="accountability-doors"),
    path("corrections/links/<uuid:pk>/revocation/", flagging.revoke, name="accountability-door-revoke"),
    path("corrections/<uuid:pk>/", slips.show, name="accountability-slip"),
    path("corrections/<uuid:pk>/path/", steps.walk, name="accountability-path"),
    path("corrections/<uuid:pk>/path/draft/", steps.keep, name="accountability-path-keep"),
    path("corrections/<uuid:pk>/channels/another-way/", steps.reroute, name="accountability-reroute"),
    path("corrections/<uuid:pk>/ownership/", slips.own, name="accountability-own"),
    path("corrections/<uuid:pk>/release/", slips.let_go, name="accountability-let-go"),
    path("corrections/<uuid:pk>/offer/", slips.offer, name="accountability-offer"),
    path("corrections/<uuid:pk>/offer/acceptance/", slips.accept, name="accountability-accept"),
    path("corrections/<uuid:pk>/offer/refusal/", slips.decline, name="accountability-decline"),
    path("corrections/<uuid:pk>/level/", slips.judge, name="accountability-judge"),
    path("corrections/<uuid:pk>/trace/", slips.trace_back, name="accountability-trace"),
    path("corrections/<uuid:pk>/withdrawal/", slips.withdraw, name="accountability-withdraw"),
    path("corrections/<uuid:pk>/listing/", public.enlist, name="accountability-enlist"),
    path("settings/corrections/", public.settings, name="accountability-promises"),
    path("settings/corrections/<uuid:pk>/", public.change, name="accountability-promise"),
    path("settings/corrections/<uuid:pk>/file/", public.file, name="accountability-file"),
]

public_urls = [
    path("corrections/<slug:address>/", public.shown, name="accountability-public"),
    path("corrections/<slug:address>/feed.atom", public.feed, name="accountability-feed"),
]
