"""The nouns of publishing. A post is something somebody answers for; what became of it stands in rows beside it
(asked, approved, returned), each with who and when; a delivery is one part of it going to one channel at one time;
a hold stops deliveries. A post's state is derived from these rows (`status.py`), never stored.
"""

from quarterdeck.publishing.models.approval import (
    Approval,
    Ask,
    Clearance,
    Policy,
    PostVersion,
    Reminder,
    Return,
)
from quarterdeck.publishing.models.deliveries import GOING, OPEN, TROUBLE, Delivery, DeliveryState, Settlement
from quarterdeck.publishing.models.holds import Caught, Hold, Outside, Tick
from quarterdeck.publishing.models.linked import LinkedPage
from quarterdeck.publishing.models.phrases import Phrase, ShortLink
from quarterdeck.publishing.models.posts import (
    LATEST_AFTER,
    LONGEST_LATE,
    MOST_IMAGES,
    MOST_PARTS,
    TEXT_LENGTH,
    UNDO_WINDOW,
    Kind,
    Label,
    Post,
    Size,
    hash_content,
)
from quarterdeck.publishing.models.purpose import Purpose

__all__ = [
    "GOING",
    "LATEST_AFTER",
    "LONGEST_LATE",
    "MOST_IMAGES",
    "MOST_PARTS",
    "OPEN",
    "TEXT_LENGTH",
    "TROUBLE",
    "UNDO_WINDOW",
    "Approval",
    "Ask",
    "Caught",
    "Clearance",
    "Delivery",
    "DeliveryState",
    "Hold",
    "Kind",
    "Label",
    "LinkedPage",
    "Outside",
    "Phrase",
    "Policy",
    "Post",
    "PostVersion",
    "Purpose",
    "Reminder",
    "Return",
    "Settlement",
    "ShortLink",
    "Size",
    "Tick",
    "hash_content",
]
