from django.apps import AppConfig


class CoreApp(AppConfig):
    name = "quarterdeck.core"
    label = "core"

    def ready(self) -> None:
        from quarterdeck.core import clock_sql

        clock_sql.install()
