from django.apps import AppConfig


class PlanningApp(AppConfig):
    name = "quarterdeck.planning"
    label = "planning"
