from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "quarterdeck.config"
    label = "house"
    verbose_name = "The house"

    def ready(self) -> None:
        from quarterdeck.config import wiring

        wiring.fill()
