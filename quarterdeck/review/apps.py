from django.apps import AppConfig


class ReviewApp(AppConfig):
    name = "quarterdeck.review"
    label = "review"
