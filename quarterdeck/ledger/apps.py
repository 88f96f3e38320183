from django.apps import AppConfig


class LedgerApp(AppConfig):
    name = "quarterdeck.ledger"
    label = "ledger"
