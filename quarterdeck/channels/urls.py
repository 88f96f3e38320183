from django.urls import path

from quarterdeck.channels import views
from quarterdeck.channels.sandbox import views as sandbox

workspace_urls = [
    path("channels/", views.index, name="channels-channel-list"),
    path("channels/connect/", views.connect, name="channels-channel-connect"),
    path("channels/<uuid:pk>/name/", views.rename, name="channels-channel-rename"),
    path("channels/<uuid:pk>/disconnection/", views.disconnect, name="channels-channel-disconnect"),
]

public_urls = [
    path("sandbox/<slug:handle>/", sandbox.feed, name="channels-sandbox-feed"),
    path("sandbox/<slug:handle>/<uuid:pk>/", sandbox.post, name="channels-sandbox-post"),
]
