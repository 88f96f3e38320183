"""The addresses of strategy."""

workspace_urls: list = []
