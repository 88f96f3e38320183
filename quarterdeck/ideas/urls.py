from django.urls import path

from quarterdeck.ideas.views import acts, board, one, ways

workspace_urls = [
    path("ideas/", board.index, name="ideas-board"),
    path("ideas/new/", one.new, name="ideas-new"),
    path("ideas/ways/", ways.ways, name="ideas-ways"),
    path("ideas/ways/mail/", ways.open_address, name="ideas-address-open"),
    path("ideas/ways/mail/closing/", ways.close_address, name="ideas-address-close"),
    path("ideas/<uuid:pk>/", one.show, name="ideas-idea"),
    path("ideas/<uuid:pk>/words/", one.edit, name="ideas-edit"),
    path("ideas/<uuid:pk>/place/", acts.move, name="ideas-move"),
    path("ideas/<uuid:pk>/place/undo/<uuid:act>/", acts.move_back, name="ideas-move-back"),
    path("ideas/<uuid:pk>/aside/", acts.put_aside, name="ideas-aside"),
    path("ideas/<uuid:pk>/return/", acts.take_back, name="ideas-take-back"),
    path("ideas/<uuid:pk>/posts/", acts.promote, name="ideas-promote"),
]
public_urls = [
    path("share/", ways.share, name="ideas-share"),
]
