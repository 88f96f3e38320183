from django.urls import path

from quarterdeck.publishing import views

workspace_urls = [
    path("posts/", views.index, name="publishing-post-list"),
    path("posts/out/", views.out, name="publishing-post-out"),
    path("posts/new/", views.new, name="publishing-post-new"),
    path("posts/<uuid:pk>/", views.show, name="publishing-post"),
    path("posts/<uuid:pk>/text/", views.edit, name="publishing-post-edit"),
    path("posts/<uuid:pk>/question/", views.ask, name="publishing-post-ask"),
    path("posts/<uuid:pk>/approval/", views.approve, name="publishing-post-approve"),
    path("posts/<uuid:pk>/return/", views.return_, name="publishing-post-return"),
    path("posts/<uuid:pk>/plan/", views.plan, name="publishing-post-plan"),
    path("posts/<uuid:pk>/plan/now/", views.publish_now, name="publishing-post-now"),
    path("posts/<uuid:pk>/plan/cancellation/", views.cancel, name="publishing-post-cancel"),
    path("posts/<uuid:pk>/discard/", views.discard, name="publishing-post-discard"),
    path("posts/<uuid:pk>/restore/", views.restore, name="publishing-post-restore"),
    path("posts/<uuid:pk>/undo/<uuid:act>/", views.undo, name="publishing-post-undo"),
    path("deliveries/<uuid:pk>/now/", views.send_now, name="publishing-delivery-now"),
    path("deliveries/<uuid:pk>/next/", views.send_next, name="publishing-delivery-next"),
    path("deliveries/<uuid:pk>/drop/", views.drop, name="publishing-delivery-drop"),
    path("deliveries/<uuid:pk>/out/", views.settle_as_out, name="publishing-delivery-out"),
]
