"""The addresses of strategy."""

from django.urls import path

from quarterdeck.strategy.views import decisions

decision_urls = [
    path("decisions/", decisions.index, name="strategy-decisions"),
    path("decisions/new/", decisions.new, name="strategy-decision-new"),
    path("decisions/<uuid:pk>/", decisions.show, name="strategy-decision"),
    path("decisions/<uuid:pk>/outcome/", decisions.outcome, name="strategy-decision-outcome"),
]
workspace_urls: list = [*decision_urls]
