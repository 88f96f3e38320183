"""The events that accountability records."""
