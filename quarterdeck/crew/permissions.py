"""Who may do what: one table. Rooms name their permissions here, and tests walk every cell.

A permission is `room.noun.verb`. Roles are the six of a social media team.
"""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    OWNER = "owner", "Owner"
    LEAD = "lead", "Lead"
    AUTHOR = "author", "Author"
    APPROVER = "approver", "Approver"
    ANALYST = "analyst", "Analyst"
    OBSERVER = "observer", "Observer"


INSTALLATION = "crew.installation.change"  # carried by no role, but by whoever owns the installation

_EVERYONE = frozenset(Role.values)
_OWNER = frozenset({Role.OWNER})
_LEADS = frozenset({Role.OWNER, Role.LEAD})
_MAKERS = _LEADS | {Role.AUTHOR}
_APPROVERS = _LEADS | {Role.APPROVER}
_WORKERS = _EVERYONE - {Role.OBSERVER}

MATRIX: dict[str, frozenset[str]] = {
    # crew
    "crew.workspace.view": _EVERYONE,
    "crew.workspace.change": _OWNER,
    "crew.brand.change": _LEADS,
    "crew.member.view": _EVERYONE,
    "crew.member.invite": _LEADS,
    "crew.member.change": _OWNER,
    "crew.link.issue": _LEADS,
    "crew.unmasking.ask": _LEADS,
    "crew.unmasking.decide": _LEADS,
    INSTALLATION: frozenset(),  # see Member.may
    # ledger
    "ledger.log.view": _EVERYONE,
    # channels
    "channels.channel.view": _EVERYONE,
    "channels.channel.connect": _LEADS,
    # studio
    "studio.file.view": _EVERYONE,
    "studio.file.keep": _MAKERS,
    "studio.file.describe": _MAKERS,
    "studio.file.license": _MAKERS,
    "studio.file.remove": _LEADS,
    "studio.person.view": _MAKERS | _APPROVERS,
    # publishing
    "publishing.post.view": _EVERYONE,
    "publishing.post.draft": _MAKERS,
    "publishing.post.approve": _APPROVERS,
    "publishing.post.schedule": _MAKERS,
    "publishing.post.cancel": _MAKERS,
    "publishing.post.discard": _MAKERS,
    "publishing.post.label": _MAKERS,
    "publishing.post.name": _MAKERS,
    "publishing.post.handover": _WORKERS,
    "publishing.post.record": _MAKERS,
    "publishing.delivery.answer": _WORKERS,
    "publishing.label.change": _LEADS,
    "publishing.phrase.change": _MAKERS,
    "publishing.hold.view": _EVERYONE,
    "publishing.hold.place": _WORKERS,
    "publishing.hold.lift": _LEADS,
    "publishing.outside.change": _LEADS,
    "publishing.policy.change": _LEADS,
    # ideas
    "ideas.idea.view": _EVERYONE,
    "ideas.idea.keep": _MAKERS,
    "ideas.idea.promote": _MAKERS,
    # review
    "review.comment.view": _EVERYONE,
    "review.comment.write": _WORKERS,
    "review.comment.take": _MAKERS,
    "review.guest.invite": _MAKERS | _APPROVERS,
    # exchange
    "exchange.import.make": _MAKERS,
    "exchange.export.make": _LEADS,
    # planning
    "planning.calendar.view": _EVERYONE,
    "planning.rules.change": _LEADS,
    "planning.slot.change": _LEADS,
    "planning.layer.change": _LEADS,
    "planning.series.change": _MAKERS,
    "planning.watch.name": _WORKERS,
    # changes
    "changes.post.change": _MAKERS,
    "changes.post.remove": _MAKERS,
    # accountability
    "accountability.slip.view": _EVERYONE,
    "accountability.slip.flag": _EVERYONE,
    "accountability.slip.own": _MAKERS | _APPROVERS,
    "accountability.slip.correct": _MAKERS,
    "accountability.link.issue": _MAKERS | _APPROVERS,
    "accountability.promise.change": _LEADS,
    # lessons
    "lessons.review.view": _EVERYONE,
    "lessons.review.note": _EVERYONE,
    "lessons.review.write": _WORKERS,
    "lessons.cause.change": _LEADS,
    "lessons.commitment.make": _WORKERS,
    "lessons.commitment.verify": _WORKERS,
    "lessons.credit.give": _EVERYONE,
    "lessons.credit.answer": _EVERYONE,
    # strategy
    "strategy.plan.view": _EVERYONE,
    "strategy.objective.change": _LEADS,
    "strategy.value.note": _WORKERS,
    "strategy.campaign.change": _MAKERS,
    "strategy.checklist.tick": _WORKERS,
    "strategy.template.change": _MAKERS,
    "strategy.pillar.change": _LEADS,
    "strategy.decision.view": _EVERYONE,
    "strategy.decision.make": _MAKERS | _APPROVERS,
    # stakeholders
    "stakeholders.map.view": _WORKERS,
    "stakeholders.map.change": _LEADS,
    "stakeholders.request.view": _EVERYONE,
    "stakeholders.request.note": _WORKERS,
    "stakeholders.request.answer": _MAKERS,
    "stakeholders.time.set": _LEADS,
    "stakeholders.consult.view": _EVERYONE,
    "stakeholders.consult.change": _LEADS,
    "stakeholders.consult.let_go": _LEADS,
    "stakeholders.digest.set": _LEADS,
    "stakeholders.window.open": _LEADS,
    "stakeholders.question.view": _EVERYONE,
    "stakeholders.question.answer": _WORKERS,
    # consent
    "consent.conflict.view": _EVERYONE,
    "consent.conflict.settle": _MAKERS,
    "consent.conflict.keep": _LEADS,
    "consent.rules.change": _LEADS,
    "consent.round.view": _EVERYONE,
    "consent.round.open": _MAKERS,
    "consent.plan.view": _EVERYONE,
    "consent.plan.ask": _MAKERS,
    "consent.plan.adopt": _LEADS,
    "consent.points.set": _LEADS,
    # leadership
    "leadership.week.keep": _EVERYONE,
    "leadership.agreement.set": _OWNER,
    # desk
    "desk.item.work": _EVERYONE,
    "desk.week.view": _EVERYONE,
    "desk.week.plan": _MAKERS,
    "desk.capacity.set": _LEADS,
}

STANDS_IN = MATRIX["publishing.delivery.answer"]  # who may act for somebody who does not answer

# How the table is read by people; a permission without words here is named by its parts.
ROOMS = {
    "crew": "People and settings",
    "studio": "Library",
    "publishing": "Posts",
    "ideas": "Ideas",
    "review": "Comments and guests",
    "planning": "Calendar",
    "exchange": "Import and export",
    "accountability": "Corrections",
    "changes": "What is out already",
    "leadership": "What is the person’s own",
    "lessons": "Lessons",
    "strategy": "Strategy",
    "stakeholders": "Stakeholders and requests",
    "consent": "Agreeing among departments",
}
WORDS = {
    "crew.workspace.view": "Open the workspace",
    "crew.workspace.change": "Change its name and time zone",
    "crew.brand.change": "Add and rename brands",
    "crew.member.view": "See who is in it",
    "crew.member.invite": "Invite people",
    "crew.member.change": "Change roles and remove people",
    "crew.link.issue": "Give out signed links and revoke them",
    "crew.unmasking.ask": "Ask for a name behind an entry of the ledger",
    "crew.unmasking.decide": "Decide whether a name is shown that another asked for",
    "ledger.log.view": "Read and check the ledger",
    "channels.channel.view": "See the channels",
    "channels.channel.connect": "Connect, rename and disconnect channels",
    "studio.file.view": "Look at the library",
    "studio.file.keep": "Add files to the library",
    "studio.file.describe": "Describe, sort, cut and put aside files",
    "studio.file.license": "Note rights, and who is seen and agreed to it",
    "studio.file.remove": "Delete files for good",
    "studio.person.view": "Read the names of people who are seen in files",
    "publishing.post.view": "Read posts",
    "publishing.post.draft": "Write and edit posts, ask for approval",
    "publishing.post.approve": "Approve posts or give them back",
    "publishing.post.schedule": "Plan posts, move them, publish now",
    "publishing.post.cancel": "Take posts off the plan",
    "publishing.post.discard": "Discard posts and put them back",
    "publishing.post.label": "Choose labels and the latest time of a post",
    "publishing.post.name": "Name what a post is for",
    "publishing.post.handover": "Hand over who answers for a post",
    "publishing.post.record": "Record posts made outside",
    "publishing.delivery.answer": "Post by hand and say whether it is out",
    "publishing.label.change": "Make and change labels",
    "publishing.phrase.change": "Keep names, snippets and link rules",
    "publishing.hold.view": "See what is on hold",
    "publishing.hold.place": "Press the red button, and tick off what it cannot stop",
    "publishing.hold.lift": "Lift a hold",
    "publishing.outside.change": "Keep the list of what a hold cannot stop",
    "publishing.policy.change": "Make and change approval policies",
    "ideas.idea.view": "See the shelf of ideas",
    "ideas.idea.keep": "Keep ideas, write their briefs and move them",
    "ideas.idea.promote": "Make posts of ideas",
    "review.comment.view": "Read comments and versions of posts",
    "review.comment.write": "Comment, suggest, resolve",
    "review.comment.take": "Take suggestions over or decline them",
    "review.guest.invite": "Ask somebody outside by a link",
    "exchange.import.make": "Import spreadsheets and undo that",
    "exchange.export.make": "Export everything",
    "planning.calendar.view": "See the calendar",
    "planning.rules.change": "Set working hours, holidays and what counts as close together",
    "planning.slot.change": "Make and remove weekly slots",
    "planning.layer.change": "Mark blackouts, embargoes and other days, and add calendars from elsewhere",
    "planning.series.change": "Let posts come again",
    "planning.watch.name": "Name who reads the first comments",
    "accountability.slip.view": "See what was wrong and how it was corrected",
    "accountability.slip.flag": "Point out that something is wrong",
    "accountability.slip.own": "Take a correction on, hand it over, say it is no mistake",
    "accountability.slip.correct": "Correct posts that are out",
    "accountability.link.issue": "Let somebody outside point out mistakes, by a link",
    "accountability.promise.change": "Set the promise of a brand and its public corrections page",
    "changes.post.change": "Change and answer what is out",
    "changes.post.remove": "Take down what is out",
    "stakeholders.map.view": "See departments and who is in them",
    "stakeholders.map.change": "Keep the people map, and give departments their links",
    "stakeholders.request.view": "Read requests",
    "stakeholders.request.note": "Write down what somebody asked for",
    "stakeholders.request.answer": "Accept, negotiate and decline requests",
    "stakeholders.time.set": "Set how soon requests are answered",
    "stakeholders.consult.view": "See which departments have a say on which posts",
    "stakeholders.consult.change": "Make and change consult rules",
    "stakeholders.consult.let_go": "Let a text go without a department that has a say on it",
    "stakeholders.digest.set": "Set the weekly mail to stakeholders, and see what it says",
    "stakeholders.window.open": "Give departments a window to their calendar, and revoke it",
    "stakeholders.question.view": "Read what departments ask, and the answers",
    "stakeholders.question.answer": "Answer what departments ask",
    "leadership.week.keep": "Keep a private week, which nobody else can see",
    "leadership.agreement.set": "Switch private weeks off for everybody, by a works agreement",
    "lessons.review.view": "Read closed reviews, commitments and who helped",
    "lessons.review.note": "Add a view of their own to an open review",
    "lessons.review.write": "Open and lead reviews",
    "lessons.cause.change": "Keep the list of root causes",
    "lessons.commitment.make": "Make commitments and take them on",
    "lessons.commitment.verify": "Look whether a commitment was kept",
    "lessons.credit.give": "Say who helped",
    "lessons.credit.answer": "Confirm or decline that they helped",
    "strategy.plan.view": "Read objectives, campaigns and pillars",
    "strategy.objective.change": "Set objectives and key results, and read them out",
    "strategy.value.note": "Note what a key result stands at",
    "strategy.campaign.change": "Begin campaigns, write their briefs, add phases and checklists",
    "strategy.checklist.tick": "Tick lines of checklists",
    "strategy.template.change": "Make templates of checklists",
    "strategy.pillar.change": "Keep the pillars of a brand and their intended mix",
    "strategy.decision.view": "Read decisions and what came of them",
    "strategy.decision.make": "Make decisions, and say what came of them",
    "consent.conflict.view": "See conflicts in the plan and what became of them",
    "consent.conflict.settle": "Settle conflicts by moving posts",
    "consent.conflict.keep": "Keep a conflict as it is, with a reason",
    "consent.rules.change": "Set what counts as a conflict",
    "consent.round.view": "Read consent rounds",
    "consent.round.open": "Put proposals to stakeholders and settle them",
    "consent.plan.view": "Read fair plans, and what requests and departments count",
    "consent.plan.ask": "Have a fair plan worked out",
    "consent.plan.adopt": "Adopt a fair plan, or put it aside",
    "consent.points.set": "Set what requests and departments count in fair plans",
    "desk.item.work": "Have a Desk",
    "desk.week.view": "See the week of the team: its plan and what became of it",
    "desk.week.plan": "Plan the week, and say why something came otherwise",
    "desk.capacity.set": "Set how much a week of the team holds",
}


def may(role: str, permission: str) -> bool:
    """True when `role` carries `permission`; KeyError for a permission nobody declared."""
    return role in MATRIX[permission]
