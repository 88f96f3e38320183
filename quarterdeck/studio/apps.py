from django.apps import AppConfig


class StudioApp(AppConfig):
    name = "quarterdeck.studio"
    label = "studio"
