from django.apps import AppConfig


class AccountabilityApp(AppConfig):
    name = "quarterdeck.accountability"
    label = "accountability"
