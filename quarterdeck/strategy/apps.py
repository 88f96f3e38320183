from django.apps import AppConfig


class StrategyApp(AppConfig):
    name = "quarterdeck.strategy"
    label = "strategy"
