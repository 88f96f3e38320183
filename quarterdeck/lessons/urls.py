"""The addresses of lessons."""

from django.urls import path

from quarterdeck.lessons.views import causes, commitments, credit, reviews, writing

workspace_urls = [
    path("lessons/", reviews.index, name="lessons-index"),
    path("lessons/reviews/new/", reviews.new, name="lessons-review-new"),
    path("lessons/reviews/<uuid:pk>/", reviews.show, name="lessons-review"),
    path("lessons/reviews/<uuid:pk>/words/", writing.write, name="lessons-review-write"),
    path("lessons/reviews/<uuid:pk>/closing/", writing.close, name="lessons-review-close"),
    path("lessons/reviews/<uuid:pk>/hints/", writing.hinted, name="lessons-review-hints"),
    path("lessons/reviews/<uuid:pk>/reopening/", reviews.reopen, name="lessons-review-reopen"),
    path("lessons/reviews/<uuid:pk>/views/", reviews.note, name="lessons-review-note"),
    path("lessons/views/<uuid:pk>/return/", reviews.withdraw_note, name="lessons-note-withdraw"),
    path("lessons/reviews/<uuid:pk>/commitments/", writing.commit, name="lessons-commit"),
    path("lessons/commitments/", commitments.index, name="lessons-commitment-list"),
    path("lessons/commitments/<uuid:pk>/", commitments.show, name="lessons-commitment"),
    path("lessons/commitments/<uuid:pk>/owner/", commitments.take, name="lessons-commitment-take"),
    path("lessons/commitments/<uuid:pk>/no/", commitments.pass_up, name="lessons-commitment-pass"),
    path("lessons/commitments/<uuid:pk>/offer/", commitments.offer, name="lessons-commitment-offer"),
    path("lessons/commitments/<uuid:pk>/date/", commitments.move, name="lessons-commitment-move"),
    path("lessons/commitments/<uuid:pk>/done/", commitments.claim, name="lessons-commitment-claim"),
    path("lessons/commitments/<uuid:pk>/verified/", commitments.verify, name="lessons-commitment-verify"),
    path("lessons/commitments/<uuid:pk>/not-yet/", commitments.send_back, name="lessons-commitment-back"),
    path("lessons/commitments/<uuid:pk>/not-kept/", commitments.not_kept, name="lessons-commitment-not-kept"),
    path("lessons/commitments/<uuid:pk>/dropped/", commitments.drop, name="lessons-commitment-drop"),
    path("lessons/causes/", causes.index, name="lessons-causes"),
    path("lessons/causes/<slug:value>/ended/", causes.end, name="lessons-cause-end"),
    path("lessons/causes/<slug:value>/listed/", causes.restore, name="lessons-cause-restore"),
    path("lessons/credit/", credit.index, name="lessons-credit-list"),
    path("lessons/credit/new/", credit.new, name="lessons-credit-new"),
    path("lessons/credit/<uuid:pk>/yes/", credit.confirm, name="lessons-credit-confirm"),
    path("lessons/credit/<uuid:pk>/no/", credit.decline, name="lessons-credit-decline"),
    path("lessons/credit/<uuid:pk>/return/", credit.withdraw, name="lessons-credit-withdraw"),
]
