"""Keeping files, and what comes in pieces."""

from quarterdeck.studio.intake.files import keep, keep_moved, keep_scan, keep_small
from quarterdeck.studio.intake.uploads import begin, complete, give_up, take

__all__ = ["begin", "complete", "give_up", "keep", "keep_moved", "keep_scan", "keep_small", "take"]
