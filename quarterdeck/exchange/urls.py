from django.urls import path

from quarterdeck.exchange.views import exports, imports, rows

workspace_urls = [
    path("imports/", imports.index, name="exchange-import-list"),
    path("imports/<uuid:pk>/", imports.show, name="exchange-import"),
    path("imports/<uuid:pk>/dropping/", imports.drop, name="exchange-import-drop"),
    path("imports/<uuid:pk>/undo/", imports.undo, name="exchange-import-undo"),
    path("imports/<uuid:pk>/going-on/", imports.go_on, name="exchange-import-on"),
    path("imports/<uuid:pk>/drafts/", rows.drafts, name="exchange-import-drafts"),
    path("imports/<uuid:pk>/fixing/", rows.fixing, name="exchange-import-fixing"),
    path("imports/<uuid:pk>/rows/<int:number>/", rows.mend, name="exchange-import-row"),
    path("imports/<uuid:pk>/rows/<int:number>/leaving/", rows.leave, name="exchange-import-row-leave"),
    path("imports/<uuid:pk>/rows/<int:number>/return/", rows.return_, name="exchange-import-row-return"),
    path("settings/export/", exports.index, name="exchange-export-list"),
    path("settings/export/<uuid:pk>/", exports.file, name="exchange-export-file"),
]
