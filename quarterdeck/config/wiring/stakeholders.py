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
    registries.nav.register("requests", NavEntry("Requests", "stakeholders-requests", 1, see))
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
    _asked_outside()


def _asked_outside() -> None:
    """Consult rules, what departments read, questions to the expert."""
    from quarterdeck.crew import links
    from quarterdeck.stakeholders import agenda_consults, consulting, deeds_consults, digest_lines
    from quarterdeck.stakeholders import exports_consults as exports
    from quarterdeck.stakeholders import kin_consults as kin
    from quarterdeck.stakeholders import offers_consults as offers
    from quarterdeck.stakeholders.verbs import digests
    from quarterdeck.stakeholders.views import consults, unsubscribing, windows

    links.register_purpose(
        digests.WINDOW, windows.opened, "Look at a department’s calendar, and ask the team"
    )
    links.register_purpose(digests.DIGEST, unsubscribing.opened, "End a weekly mail")
    registries.requirements.register("consults", consulting.required)
    registries.concerned.register("consults", consulting.concerned)
    registries.digest_lines.register("stakeholders", digest_lines.lines)
    registries.agenda.register("consults", agenda_consults.agenda)
    registries.search.register("questions", offers.search)
    registries.deeds.register("consults", deeds_consults.deeds)
    registries.kin.register("consults", kin.of_post)
    registries.exports.register_all(exports.EXPORTS)
    registries.panels.register(
        "consults",
        Panel("publishing.post", "Who else has a say", "stakeholders/_consults.html", consults.on_a_post),
    )
    department, person = "stakeholders.department", "stakeholders.stakeholder"
    registries.panels.register(
        "say", Panel(department, "Has a say on", "stakeholders/_say.html", offers.rules_of)
    )
    for name, about, label, offer in (
        ("reading", department, "Window and weekly mail…", offers.reading),
        ("week-of", person, "Their weekly mail…", offers.week_of),
    ):
        registries.actions.register(name, registries.ObjectAction(about, label, offer))
    ask, rules, read = "stakeholders.question.view", "stakeholders.consult.view", "stakeholders.digest.set"
    registries.nav.register("questions", NavEntry("Questions", "stakeholders-question-list", 1, ask))
    for name, label, url, may in (
        ("stakeholders.consults", "Consult rules", "stakeholders-consult-list", rules),
        ("stakeholders.reading", "What departments read", "stakeholders-reading", read),
    ):
        registries.settings_pages.register(name, registries.SettingsPage(label, url, "Workspace", may))
    for name, label, url, may, words in (
        (
            "questions",
            "Questions from departments",
            "stakeholders-question-list",
            ask,
            "expert answers ask faq",
        ),
        (
            "consults",
            "Consult rules",
            "stakeholders-consult-list",
            rules,
            "legal approval departments who say",
        ),
        (
            "reading",
            "What departments read",
            "stakeholders-reading",
            read,
            "digest weekly mail window calendar",
        ),
    ):
        registries.palette.register(name, Command(label, url, may, keywords=words))
