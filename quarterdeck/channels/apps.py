from django.apps import AppConfig


class ChannelsApp(AppConfig):
    name = "quarterdeck.channels"
    label = "channels"
