"""The nouns of lessons: reviews and what was said in them, commitments and their dates, credit."""

from quarterdeck.lessons.models.commitments import Commitment, Move
from quarterdeck.lessons.models.credit import Credit
from quarterdeck.lessons.models.reviews import Cause, Note, Review

__all__ = ["Cause", "Commitment", "Credit", "Move", "Note", "Review"]
