from django.apps import AppConfig


class CrewApp(AppConfig):
    name = "quarterdeck.crew"
    label = "crew"
