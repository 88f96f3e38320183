from django.apps import AppConfig


class CoreApp(AppConfig):
    name = "quarterdeck.core"
    label = "core"
