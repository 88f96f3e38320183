from django.apps import AppConfig


class IdeasApp(AppConfig):
    name = "quarterdeck.ideas"
    label = "ideas"
