from django.urls import path

from quarterdeck.channels.bluesky import views as bluesky
from quarterdeck.channels.by_hand import views as by_hand
from quarterdeck.channels.sandbox import views as sandbox
from quarterdeck.channels.views import connecting, pages

workspace_urls = [
    path("channels/", pages.index, name="channels-channel-list"),
    path("channels/networks/", pages.network_list, name="channels-network-list"),
    path("channels/connect/", connecting.connect, name="channels-channel-connect"),
    path("channels/by-hand/", by_hand.connect, name="channels-by-hand"),
    path("channels/connect/<uuid:pk>/", connecting.beginning, name="channels-beginning"),
    path("channels/connect/<uuid:pk>/finish/", connecting.finish, name="channels-beginning-finish"),
    path("channels/<uuid:pk>/", pages.channel, name="channels-channel"),
    path("channels/<uuid:pk>/check/", pages.check, name="channels-channel-check"),
    path("channels/<uuid:pk>/reconnect/", connecting.reconnect, name="channels-channel-reconnect"),
    path("channels/<uuid:pk>/name/", pages.rename, name="channels-channel-rename"),
    path("channels/<uuid:pk>/disconnection/", pages.disconnect, name="channels-channel-disconnect"),
]

public_urls = [
    path("channels/back/", connecting.back, name="channels-back"),
    path("oauth-client-metadata.json", bluesky.client_metadata, name="channels-bluesky-client"),
    path("sandbox/<slug:handle>/", sandbox.feed, name="channels-sandbox-feed"),
    path("sandbox/<slug:handle>/<uuid:pk>/", sandbox.post, name="channels-sandbox-post"),
    path("sandbox/<slug:handle>/pictures/<uuid:pk>/", sandbox.file, name="channels-sandbox-file"),
]
