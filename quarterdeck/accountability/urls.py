"""The addresses of accountability."""

workspace_urls: list = []
