"""The events that consent records."""
