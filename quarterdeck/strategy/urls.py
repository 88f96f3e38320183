"""The addresses of strategy."""

from django.urls import path

from quarterdeck.strategy.views import campaigns, decisions, objectives, pillars, templates

decision_urls = [
    path("decisions/", decisions.index, name="strategy-decisions"),
    path("decisions/new/", decisions.new, name="strategy-decision-new"),
    path("decisions/<uuid:pk>/", decisions.show, name="strategy-decision"),
    path("decisions/<uuid:pk>/outcome/", decisions.outcome, name="strategy-decision-outcome"),
]

workspace_urls = [
    path("strategy/", objectives.index, name="strategy-index"),
    path("strategy/objectives/new/", objectives.new, name="strategy-objective-new"),
    path("strategy/objectives/<uuid:pk>/", objectives.show, name="strategy-objective"),
    path("strategy/objectives/<uuid:pk>/words/", objectives.change, name="strategy-objective-change"),
    path("strategy/objectives/<uuid:pk>/end/", objectives.move, name="strategy-objective-move"),
    path("strategy/objectives/<uuid:pk>/read-out/", objectives.read_out, name="strategy-objective-read-out"),
    path(
        "strategy/objectives/<uuid:pk>/key-results/",
        objectives.add_key_result,
        name="strategy-key-result-add",
    ),
    path("strategy/key-results/<uuid:pk>/values/", objectives.check_in, name="strategy-check-in"),
    path("strategy/values/<uuid:pk>/return/", objectives.withdraw, name="strategy-check-in-withdraw"),
    path("strategy/key-results/<uuid:pk>/target/", objectives.retarget, name="strategy-key-result-target"),
    path("strategy/key-results/<uuid:pk>/dropped/", objectives.drop, name="strategy-key-result-drop"),
    path("strategy/campaigns/new/", campaigns.new, name="strategy-campaign-new"),
    path("strategy/campaigns/<uuid:pk>/", campaigns.show, name="strategy-campaign"),
    path("strategy/campaigns/<uuid:pk>/brief/", campaigns.change, name="strategy-campaign-change"),
    path("strategy/campaigns/<uuid:pk>/ended/", campaigns.end, name="strategy-campaign-end"),
    path("strategy/campaigns/<uuid:pk>/reopening/", campaigns.reopen, name="strategy-campaign-reopen"),
    path("strategy/campaigns/<uuid:pk>/phases/", campaigns.add_phase, name="strategy-phase-add"),
    path("strategy/phases/<uuid:pk>/removal/", campaigns.remove_phase, name="strategy-phase-remove"),
    path("strategy/campaigns/<uuid:pk>/checklists/", campaigns.add_checklist, name="strategy-checklist-add"),
    path(
        "strategy/checklists/<uuid:pk>/removal/", campaigns.remove_checklist, name="strategy-checklist-remove"
    ),
    path("strategy/checklists/lines/<uuid:pk>/", campaigns.tick, name="strategy-checklist-tick"),
    path("strategy/templates/", templates.index, name="strategy-template-list"),
    path("strategy/templates/<uuid:pk>/", templates.change, name="strategy-template-change"),
    path("strategy/templates/<uuid:pk>/retirement/", templates.retire, name="strategy-template-retire"),
    path("strategy/templates/<uuid:pk>/return/", templates.restore, name="strategy-template-restore"),
    path("strategy/pillars/", pillars.index, name="strategy-pillar-list"),
    path("strategy/pillars/new/", pillars.new, name="strategy-pillar-new"),
    path("strategy/pillars/mix/", pillars.set_mix, name="strategy-mix"),
    path("strategy/pillars/<uuid:pk>/", pillars.change, name="strategy-pillar-change"),
    path("strategy/pillars/<uuid:pk>/retirement/", pillars.retire, name="strategy-pillar-retire"),
    path("strategy/pillars/<uuid:pk>/return/", pillars.restore, name="strategy-pillar-restore"),
    *decision_urls,
]
