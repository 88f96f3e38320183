"""Review's addresses in the workspace. A guest's page has none of its own: crew opens it by the link's purpose."""

from django.urls import path

from quarterdeck.review.views import asking, posts, versions

workspace_urls = [
    path("posts/<uuid:pk>/comments/", posts.show, name="review-comments"),
    path("posts/<uuid:pk>/comments/new/", posts.write, name="review-comment-write"),
    path("posts/<uuid:pk>/versions/", versions.show, name="review-versions"),
    path("posts/<uuid:pk>/guests/", asking.guests, name="review-guests"),
    path("guests/<uuid:pk>/revocation/", asking.revoke, name="review-guest-revoke"),
    path("comments/<uuid:pk>/answers/", posts.reply, name="review-comment-reply"),
    path("comments/<uuid:pk>/resolution/", posts.resolve, name="review-comment-resolve"),
    path("comments/<uuid:pk>/reopening/", posts.reopen, name="review-comment-reopen"),
    path("comments/<uuid:pk>/taking/", posts.take, name="review-comment-take"),
    path("comments/<uuid:pk>/declining/", posts.decline, name="review-comment-decline"),
]
