from django.apps import AppConfig


class StakeholdersApp(AppConfig):
    name = "quarterdeck.stakeholders"
    label = "stakeholders"
