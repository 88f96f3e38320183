"""The events that stakeholders records."""
