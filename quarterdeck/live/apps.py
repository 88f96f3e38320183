from django.apps import AppConfig


class LiveApp(AppConfig):
    name = "quarterdeck.live"
    label = "live"
