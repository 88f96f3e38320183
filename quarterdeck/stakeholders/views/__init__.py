"""The pages of stakeholders."""
