from django.urls import path

from quarterdeck.shell import views

workspace_urls = [
    path("search/", views.search, name="shell-search"),
    path("palette/", views.palette, name="shell-palette"),
    path("settings/", views.settings, name="shell-settings"),
]
public_urls = [
    path("theme/", views.theme, name="shell-theme"),
    path("styleguide/", views.styleguide, name="shell-styleguide"),
]
