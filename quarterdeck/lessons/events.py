"""The events that lessons records."""
