from django.apps import AppConfig


class LessonsApp(AppConfig):
    name = "quarterdeck.lessons"
    label = "lessons"
