"""Owning a mistake: slips flagged and owned, corrections made in the open, those affected told."""
