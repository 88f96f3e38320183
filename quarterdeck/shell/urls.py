from django.urls import path

from quarterdeck.shell import reach, views

workspace_urls = [
    path("search/", views.search, name="shell-search"),
    path("palette/", views.palette, name="shell-palette"),
    path("settings/", views.settings, name="shell-settings"),
    path("settings/address/", reach.address, name="shell-address"),
    path("settings/address/tested/", reach.tested, name="shell-address-tested"),
]
public_urls = [
    path("manifest.webmanifest", views.manifest, name="shell-manifest"),
    path("theme/", views.theme, name="shell-theme"),
    path("styleguide/", views.styleguide, name="shell-styleguide"),
    path("reach/<str:nonce>", reach.mark, name="shell-reach"),
]
