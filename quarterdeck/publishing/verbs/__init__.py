"""What happens to posts and deliveries: written by people (`posts`, `plans`) and by the sending loop (`sending`)."""

from quarterdeck.publishing.verbs.plans import (
    cancel,
    drop,
    publish_now,
    reschedule,
    schedule,
    send_at,
    send_now,
    settle_as_absent,
    settle_as_out,
    undo,
)
from quarterdeck.publishing.verbs.posts import (
    StaleDraft,
    approve,
    ask_approval,
    discard,
    draft,
    edit,
    restore,
    return_,
)

__all__ = [
    "StaleDraft",
    "approve",
    "ask_approval",
    "cancel",
    "discard",
    "draft",
    "drop",
    "edit",
    "publish_now",
    "reschedule",
    "restore",
    "return_",
    "schedule",
    "send_at",
    "send_now",
    "settle_as_absent",
    "settle_as_out",
    "undo",
]
