"""What stakeholders offers the other rooms."""

from __future__ import annotations

from quarterdeck.core import registries
from quarterdeck.core.registries import Command, NavEntry, Panel


def fill() -> None:
    from quarterdeck.crew import links
    from quarterdeck.stakeholders import agenda, deeds, exports, kin, mail, offers, telling
    from quarterdeck.stakeholders.verbs import asking, doors
    from quarterdeck.stakeholders.views import asking as form
    from quarterdeck.stakeholders.views import status

    links.register_purpose(doors.PURPOSE, form.opened, "Ask for something as a department")
    links.register_purpose(asking.PURPOSE, status.opened, "Follow one request")
    registries.agenda.register("stakeholders", agenda.agenda)
    registries.search.register("stakeholders", offers.search)
    registries.inbound_mail.register("stakeholders", mail.take)
    registries.reply_address.register("stakeholders", mail.answers_to)
    registries.concerned.register("stakeholders", telling.concerned)
    registries.kin.register("stakeholders", kin.of_post)
    registries.deeds.register("stakeholders", deeds.deeds)
    registries.exports.register_all(exports.EXPORTS)
    registries.panels.register(
        "asked-for",
        Panel("publishing.post", "Asked for", "stakeholders/_asked_for.html", offers.on_a_post, beside=True),
    )
    see, note, map_ = "stakeholders.request.view", "stakeholders.request.note", "stakeholders.map.view"
    registries.nav.register("requests", NavEntry("Requests", "stakeholders-requests", 0, see))
    for name, entry in {
        "requests": Command(
            "Requests", "stakeholders-requests", see, "g q", "stakeholders wishes triage asked departments"
        ),
        "request-new": Command(
            "Write down a request", "stakeholders-request-new", note, keywords="wish asked for phone call"
        ),
        "departments": Command(
            "Departments and people",
            "stakeholders-departments",
            map_,
            keywords="stakeholders map link sales legal",
        ),
        "request-times": Command(
            "How soon requests are answered",
            "stakeholders-times",
            "stakeholders.time.set",
            keywords="sla hours",
        ),
    }.items():
        registries.palette.register(name, entry)
