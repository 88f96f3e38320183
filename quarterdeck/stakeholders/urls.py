"""The addresses of stakeholders."""

workspace_urls: list = []
