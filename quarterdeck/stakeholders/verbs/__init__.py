"""The acts of stakeholders."""
