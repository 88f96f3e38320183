from django.urls import path

from quarterdeck.desk.views import desk as views
from quarterdeck.desk.views import week

workspace_urls = [
    path("", views.desk, name="desk"),
    path("desk/first-steps/", views.first_steps, name="desk-first-steps"),
    path("desk/snooze/", views.snooze, name="desk-item-snooze"),
    path("desk/done/", views.done, name="desk-item-done"),
    path("desk/handover/", views.hand_over, name="desk-item-handover"),
    path("desk/handover/<uuid:pk>/acceptance/", views.accept, name="desk-handover-accept"),
    path("desk/handover/<uuid:pk>/refusal/", views.decline, name="desk-handover-decline"),
    path("desk/handover/<uuid:pk>/withdrawal/", views.take_back, name="desk-handover-withdraw"),
    path("week/", week.show, name="desk-week"),
    path("week/capacity/", week.capacity, name="desk-week-capacity"),
    path("week/plan/", week.plan, name="desk-week-plan"),
    path("week/reason/", week.reason, name="desk-week-reason"),
    path("desk/undo/<uuid:act>/", views.undo, name="desk-item-undo"),
]
