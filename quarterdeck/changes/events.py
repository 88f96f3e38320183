"""The events that changes records."""
