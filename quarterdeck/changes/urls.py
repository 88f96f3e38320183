"""The addresses of changes."""

workspace_urls: list = []
