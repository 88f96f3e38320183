"""The addresses of consent."""

from django.urls import path

from quarterdeck.consent.views import conflicts, plans, rounds

workspace_urls: list = [
    path("conflicts/", conflicts.index, name="consent-conflicts"),
    path("conflicts/ended/", conflicts.ended, name="consent-conflicts-ended"),
    path("conflicts/rules/", conflicts.rules, name="consent-rules"),
    path("conflicts/rules/labels/", conflicts.set_against, name="consent-against-set"),
    path("conflicts/rules/labels/<uuid:pk>/ended/", conflicts.end_against, name="consent-against-end"),
    path("conflicts/<uuid:pk>/", conflicts.show, name="consent-conflict"),
    path("conflicts/<uuid:pk>/way/", conflicts.settle, name="consent-conflict-settle"),
    path("conflicts/<uuid:pk>/kept/", conflicts.keep, name="consent-conflict-keep"),
    path("consent/", rounds.index, name="consent-rounds"),
    path("consent/new/", rounds.new, name="consent-round-new"),
    path("consent/<uuid:pk>/", rounds.show, name="consent-round"),
    path("consent/<uuid:pk>/adopted/", rounds.adopt, name="consent-round-adopt"),
    path("consent/<uuid:pk>/withdrawn/", rounds.withdraw, name="consent-round-withdraw"),
    path("fair/", plans.index, name="consent-plans"),
    path("fair/new/", plans.ask, name="consent-plan-ask"),
    path("fair/points/", plans.set_points, name="consent-plan-points"),
    path("fair/weights/", plans.set_weight, name="consent-plan-weight"),
    path("fair/<uuid:pk>/", plans.show, name="consent-plan"),
    path("fair/<uuid:pk>/adopted/", plans.adopt, name="consent-plan-adopt"),
    path("fair/<uuid:pk>/aside/", plans.put_aside, name="consent-plan-aside"),
]
