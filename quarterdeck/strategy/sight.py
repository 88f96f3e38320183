"""The line of sight: from each objective down to its campaigns, to the posts that name them, and to what came of those.
What stands without a link is counted and nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from quarterdeck.core.registries import NamedCounts, NamedPost
from quarterdeck.crew.models import Brand, Member
from quarterdeck.strategy import naming, reads
from quarterdeck.strategy.models import Campaign, Objective
from quarterdeck.strategy.reads import Measured

EACH = 5  # posts of a campaign in the tree; its own page shows more
ON_A_PAGE = 40


@dataclass(slots=True)
class Branch:
    """A campaign with the newest posts that name it; `count` are all."""

    campaign: Campaign
    posts: list[NamedPost]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.posts)


@dataclass(slots=True)
class Node:
    """An objective with what it is measured by, what serves it, and the posts that name it and no campaign shown.
    `count` are all posts that name it."""

    objective: Objective
    measured: list[Measured]
    days_left: int
    campaigns: list[Branch] = field(default_factory=list)
    posts: list[NamedPost] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    count: int = 0

    @property
    def has_posts(self) -> bool:
        return bool(self.count or any(one.count for one in self.campaigns))


@dataclass(slots=True)
class Sight:
    """`roots` are the running objectives that serve no other running one; `loose` the campaigns under none of them."""

    roots: list[Node]
    loose: list[Branch]
    counts: NamedCounts
    objectives: int
    without_posts: int


def sight(who: Member, brand: Brand | None = None) -> Sight:
    """The whole tree of what runs, in a few questions."""
    day = reads.today(who.workspace)
    objectives = list(reads.running_objectives(who.workspace, brand)[: reads.MOST])
    campaigns = list(reads.running_campaigns(who.workspace, brand)[: reads.MOST])
    counts = naming.posts().counts(who.workspace_id)
    posts = _posts(who, campaigns, objectives, EACH)
    measured = reads.measured(objectives, day)
    nodes = {
        one.pk: Node(
            one,
            [line for line in measured.get(one.pk, []) if line.row.dropped_at is None],
            (one.ends - day).days,
            posts=posts.get(one.pk, []),
            count=counts.objectives.get(one.pk, 0),
        )
        for one in objectives
    }
    loose = []
    for one in campaigns:
        branch = Branch(one, posts.get(one.pk, []), counts.campaigns.get(one.pk, 0))
        above = nodes.get(one.objective_id) if one.objective_id else None
        (above.campaigns if above else loose).append(branch)
    roots = _hung(nodes)
    without = sum(1 for node in nodes.values() if not node.has_posts)
    return Sight(roots, loose, counts, len(nodes), without)


def _hung(nodes: dict[UUID, Node]) -> list[Node]:
    """Put each node under the objective it serves. What serves none that is shown is a root."""
    roots = []
    for node in nodes.values():
        above = nodes.get(node.objective.parent_id) if node.objective.parent_id else None
        (above.children if above else roots).append(node)
    return roots


def _posts(
    who: Member, campaigns: Iterable[Campaign], objectives: Iterable[Objective], each: int
) -> dict[UUID, list[NamedPost]]:
    """By the campaign that a post names, else by its objective. A post under a campaign that is not shown stands with
    its objective."""
    shown, aims = {one.pk for one in campaigns}, {one.pk for one in objectives}
    found: dict[UUID, list[NamedPost]] = {}
    for line in naming.posts().lines(who, list(shown), list(aims), each):
        above = line.campaign if line.campaign in shown else line.objective
        if len(here := found.setdefault(above, [])) < each:
            here.append(line)
    return found


def posts_of(
    who: Member, *, campaign: Campaign | None = None, objective: Objective | None = None
) -> Sequence[NamedPost]:
    """The newest posts that name one campaign, or one objective, by whatever campaign."""
    if campaign is not None:
        return naming.posts().lines(who, [campaign.pk], [], ON_A_PAGE)
    return naming.posts().lines(who, [], [objective.pk], ON_A_PAGE)[:ON_A_PAGE] if objective else []
