"""The addresses of stakeholders."""

from django.urls import path

from quarterdeck.stakeholders.views import map as people
from quarterdeck.stakeholders.views import requests

workspace_urls = [
    path("requests/", requests.index, name="stakeholders-requests"),
    path("requests/new/", requests.new, name="stakeholders-request-new"),
    path("requests/times/", requests.times, name="stakeholders-times"),
    path("requests/<uuid:pk>/", requests.show, name="stakeholders-request"),
    path("requests/<uuid:pk>/acceptance/", requests.accept, name="stakeholders-request-accept"),
    path("requests/<uuid:pk>/proposal/", requests.propose, name="stakeholders-request-propose"),
    path("requests/<uuid:pk>/refusal/", requests.decline, name="stakeholders-request-decline"),
    path("requests/<uuid:pk>/draft/", requests.draft, name="stakeholders-request-draft"),
    path("requests/<uuid:pk>/idea/", requests.idea, name="stakeholders-request-idea"),
    path("requests/<uuid:pk>/posts/", requests.join, name="stakeholders-request-join"),
    path("requests/<uuid:pk>/order/", requests.order, name="stakeholders-request-order"),
    path("requests/<uuid:pk>/forgotten/", requests.forget, name="stakeholders-request-forget"),
    path("requests/posts/<uuid:pk>/removed/", requests.part, name="stakeholders-request-part"),
    path("departments/", people.index, name="stakeholders-departments"),
    path("departments/new/", people.new, name="stakeholders-department-new"),
    path("departments/<uuid:pk>/", people.show, name="stakeholders-department"),
    path("departments/<uuid:pk>/words/", people.change, name="stakeholders-department-change"),
    path("departments/<uuid:pk>/ended/", people.end, name="stakeholders-department-end"),
    path("departments/<uuid:pk>/restored/", people.restore, name="stakeholders-department-restore"),
    path("departments/<uuid:pk>/links/", people.make_link, name="stakeholders-door-new"),
    path("departments/<uuid:pk>/mail/", people.readdress, name="stakeholders-department-mail"),
    path("departments/<uuid:pk>/people/", people.add_person, name="stakeholders-stakeholder-new"),
    path("departments/<uuid:pk>/interests/", people.add_interest, name="stakeholders-interest-new"),
    path("departments/links/<uuid:pk>/revoked/", people.revoke_link, name="stakeholders-door-revoke"),
    path("departments/people/<uuid:pk>/", people.person, name="stakeholders-stakeholder"),
    path("departments/people/<uuid:pk>/words/", people.change_person, name="stakeholders-stakeholder-change"),
    path("departments/people/<uuid:pk>/ended/", people.end_person, name="stakeholders-stakeholder-end"),
    path(
        "departments/people/<uuid:pk>/restored/",
        people.restore_person,
        name="stakeholders-stakeholder-restore",
    ),
    path("departments/people/<uuid:pk>/erased/", people.erase_person, name="stakeholders-stakeholder-erase"),
    path(
        "departments/people/<uuid:pk>/interests/",
        people.add_persons_interest,
        name="stakeholders-stakeholder-interest",
    ),
    path("departments/interests/<uuid:pk>/ended/", people.end_interest, name="stakeholders-interest-end"),
]
