"""The addresses of lessons."""

workspace_urls: list = []
