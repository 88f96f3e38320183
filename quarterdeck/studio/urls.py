from django.urls import path

from quarterdeck.studio import views

workspace_urls = [
    path("files/", views.keep, name="studio-file-keep"),
    path("files/<uuid:pk>/", views.file, name="studio-file"),
]
