"""Pages of publishing: the list, the composer, the post, and the acts on each."""

from quarterdeck.publishing.views.acts import (
    approve,
    ask,
    cancel,
    discard,
    drop,
    plan,
    publish_now,
    restore,
    return_,
    send_next,
    send_now,
    settle_as_absent,
    settle_as_out,
    size,
    undo,
)
from quarterdeck.publishing.views.composer import edit, new
from quarterdeck.publishing.views.pages import index, out, show

__all__ = [
    "approve",
    "ask",
    "cancel",
    "discard",
    "drop",
    "edit",
    "index",
    "new",
    "out",
    "plan",
    "publish_now",
    "restore",
    "return_",
    "send_next",
    "send_now",
    "settle_as_absent",
    "settle_as_out",
    "show",
    "size",
    "undo",
]
