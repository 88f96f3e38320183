"""What happens to posts and deliveries: written by people (`posts`, `plans`) and by the sending loop (`sending`)."""

from quarterdeck.publishing.verbs.approval import (
    Guest,
    approve,
    approve_by_link,
    ask_approval,
    object_by_link,
    return_,
)
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
from quarterdeck.publishing.verbs.posts import StaleDraft, discard, draft, edit, restore
from quarterdeck.publishing.verbs.purpose import Named, name_purpose
from quarterdeck.publishing.verbs.sizing import give_size

__all__ = [
    "Guest",
    "Named",
    "StaleDraft",
    "approve",
    "approve_by_link",
    "ask_approval",
    "cancel",
    "discard",
    "draft",
    "drop",
    "edit",
    "name_purpose",
    "give_size",
    "object_by_link",
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
