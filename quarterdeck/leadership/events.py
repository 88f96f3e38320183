"""The events that leadership records."""
