"""Samples of accountability."""

from __future__ import annotations

from quarterdeck.accountability import verbs
from quarterdeck.accountability.models import Slip
from quarterdeck.accountability.rows import Said
from quarterdeck.accountability.views import flagging
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Workspace
from tests.samples.crew import _owner
from tests.samples.publishing import _recorded


def _slip(workspace: Workspace) -> Slip:
    return verbs.flag(_recorded(workspace), by=_owner(workspace), said=Said("The price is 12, not 21."))


def _door(workspace: Workspace):
    post = _recorded(workspace)
    return crew.issue_link(
        by=_owner(workspace), purpose=flagging.PURPOSE, object_id=post.pk, label="Dee"
    ).link


def _fixed(workspace: Workspace):
    """A typo that was corrected on a channel that is posted to by hand."""
    post, owner = _recorded(workspace), _owner(workspace)
    verbs.change_promise(post.brand, by=owner, public=True)
    verbs.fix(post, by=owner, texts={"": [post.text + " And soup."]}, reasons={})
    return post


SIGNED_LINKS = {flagging.PURPOSE: lambda w: _recorded(w).pk}

SAMPLES = {
    **{f"accountability-{page}": lambda w: {"pk": _fixed(w).pk} for page in ("flag", "fix", "doors")},
    **{
        f"accountability-{act}": lambda w: {"pk": _slip(w).pk}
        for act in (
            "slip",
            "path",
            "path-keep",
            "reroute",
            "enlist",
            "own",
            "let-go",
            "offer",
            "accept",
            "decline",
            "judge",
            "withdraw",
            "trace",
        )
    },
    **{f"accountability-{page}": lambda w: {"pk": w.brands.first().pk} for page in ("promise", "file")},
    "accountability-door-revoke": lambda w: {"pk": _door(w).pk},
}
