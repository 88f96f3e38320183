from django.apps import AppConfig


class ShellApp(AppConfig):
    name = "quarterdeck.shell"
    label = "shell"
