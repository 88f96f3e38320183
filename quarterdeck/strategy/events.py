"""The events that strategy records."""
