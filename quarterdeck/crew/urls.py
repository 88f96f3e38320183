"""Crew's addresses: the front door and the doors by link at the root, people and settings in the workspace."""

from django.urls import path

from quarterdeck.crew.views import doors, erasure, front, people, post_office, privacy, you

public_urls = [
    path("", front.home, name="home"),
    path("first/", front.begin, name="crew-first-begin"),
    path("first/demo/", front.demo, name="crew-first-demo"),
    path("workspaces/", front.choose, name="crew-workspace-choose"),
    path("start/<str:token>/", doors.start, name="crew-owner-start"),
    path("join/<str:token>/", doors.join, name="crew-invitation-join"),
    path("s/<str:token>/", doors.open_link, name="crew-link-open"),
]

workspace_urls = [
    path("notifications/", you.notifications, name="crew-notifications"),
    path("notifications/read/", you.read, name="crew-notifications-read"),
    path("notifications/<uuid:notification>/", you.open_notification, name="crew-notification-open"),
    path("settings/you/", you.you, name="crew-you"),
    path("settings/you/address/", you.address, name="crew-you-address"),
    path("settings/you/stand-in/", you.stand_in, name="crew-you-stand-in"),
    path("settings/you/away/", you.away, name="crew-you-away"),
    path("settings/you/away/<uuid:pk>/withdrawal/", you.here, name="crew-you-here"),
    path("settings/you/elsewhere/", you.sign_out_elsewhere, name="crew-you-elsewhere"),
    path("settings/looked/", privacy.looked, name="crew-you-looked"),
    path("settings/unmaskings/", privacy.unmaskings, name="crew-unmaskings"),
    path("settings/unmaskings/<uuid:pk>/decision/", privacy.decide, name="crew-unmasking-decide"),
    path("settings/notifications/", you.telling, name="crew-telling"),
    path("settings/notifications/mail/test/", you.test_mail, name="crew-telling-mail-test"),
    path("settings/notifications/places/", you.add_place, name="crew-place-add"),
    path("settings/notifications/places/<uuid:place>/removal/", you.remove_place, name="crew-place-remove"),
    path("settings/notifications/places/<uuid:place>/test/", you.test_place, name="crew-place-test"),
    path("settings/people/", people.people, name="crew-people"),
    path("settings/people/invitations/", people.invite, name="crew-invite"),
    path(
        "settings/people/invitations/<uuid:invitation>/revocation/",
        people.revoke_invitation,
        name="crew-invitation-revoke",
    ),
    path("settings/people/me/removal/", people.leave, name="crew-leave"),
    path("settings/people/<uuid:member>/role/", people.change_role, name="crew-member-role"),
    path("settings/people/<uuid:member>/removal/", people.remove, name="crew-member-remove"),
    path("settings/people/<uuid:member>/erasure/", erasure.of, name="crew-member-erase"),
    path("settings/erasure/", erasure.own, name="crew-erase"),
    path("settings/roles/", people.roles, name="crew-roles"),
    path("settings/brands/", people.brands, name="crew-brands"),
    path("settings/brands/<uuid:brand>/", people.rename_brand, name="crew-brand-rename"),
    path("settings/workspace/", people.workspace, name="crew-workspace"),
    path("settings/links/", people.issued_links, name="crew-links"),
    path("settings/links/<uuid:link>/revocation/", people.revoke_link, name="crew-link-revoke"),
    path("settings/mail/", post_office.post_office, name="crew-mail"),
    path("settings/mail/test/", post_office.test, name="crew-mail-test"),
    path("settings/mail/removal/", post_office.forget, name="crew-mail-forget"),
]
