from django.apps import AppConfig


class LedgerApp(AppConfig):
    name = "quarterdeck.ledger"
    label = "ledger"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("events")
