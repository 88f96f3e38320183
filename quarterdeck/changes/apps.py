from django.apps import AppConfig


class ChangesApp(AppConfig):
    name = "quarterdeck.changes"
    label = "changes"
