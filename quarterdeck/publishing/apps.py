from django.apps import AppConfig


class PublishingApp(AppConfig):
    name = "quarterdeck.publishing"
    label = "publishing"
