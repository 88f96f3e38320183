from django.apps import AppConfig


class DeskApp(AppConfig):
    name = "quarterdeck.desk"
    label = "desk"
