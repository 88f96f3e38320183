from django.urls import path

from quarterdeck.studio import views
from quarterdeck.studio.views import cards, cuts, grids, library, uploads

workspace_urls = [
    path("files/<uuid:pk>/", views.file, name="studio-file"),
    path("files/<uuid:pk>/video/", views.file, name="studio-video"),
    path("files/<uuid:pk>/small/", views.small, name="studio-file-small"),
    path("files/uploads/", uploads.begin, name="studio-upload-begin"),
    path("files/uploads/<uuid:pk>/", uploads.piece, name="studio-upload"),
    path("files/uploads/<uuid:pk>/complete/", uploads.complete, name="studio-upload-complete"),
    path("library/", library.index, name="studio-library"),
    path("library/choose/", library.choose, name="studio-file-choose"),
    path("library/grid/", grids.grid, name="studio-grid"),
    path("library/bring/", library.bring, name="studio-bring"),
    path("library/sort/", library.sort, name="studio-sort"),
    path("library/aside/", library.aside, name="studio-aside"),
    path("library/restore/", library.restore, name="studio-restore"),
    path("library/folders/", library.make_folder, name="studio-folder-make"),
    path("library/folders/<uuid:pk>/", library.change_folder, name="studio-folder-change"),
    path("library/people/<uuid:pk>/", cards.change_person, name="studio-person-change"),
    path("library/people/<uuid:pk>/forget/", cards.forget_person, name="studio-person-forget"),
    path("library/<uuid:pk>/", cards.show, name="studio-card"),
    path("library/<uuid:pk>/about/", cards.describe, name="studio-card-describe"),
    path("library/<uuid:pk>/remove/", cards.remove, name="studio-card-remove"),
    path("library/<uuid:pk>/rights/", cards.license_, name="studio-card-rights"),
    path("library/<uuid:pk>/people/", cards.note_person, name="studio-person-note"),
    path("library/<uuid:pk>/cuts/", cuts.cut_all, name="studio-cut-all"),
    path("library/<uuid:pk>/cuts/<slug:place>/", cuts.cut, name="studio-cut"),
    path("library/<uuid:pk>/cuts/<slug:place>/remove/", cuts.remove_cut, name="studio-cut-remove"),
]
