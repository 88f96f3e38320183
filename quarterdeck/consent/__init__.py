"""Agreeing among departments: conflicts found, consent rounds, the fair plan."""
