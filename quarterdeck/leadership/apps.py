from django.apps import AppConfig


class LeadershipApp(AppConfig):
    name = "quarterdeck.leadership"
    label = "leadership"
