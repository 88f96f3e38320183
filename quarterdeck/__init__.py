"""Quarterdeck: the workspace of a social media team, and the honest record of its work."""

__version__ = "0.1.0"
