from django.apps import AppConfig


class ExchangeApp(AppConfig):
    name = "quarterdeck.exchange"
    label = "exchange"
