from django.apps import AppConfig


class ConsentApp(AppConfig):
    name = "quarterdeck.consent"
    label = "consent"
