"""The addresses of leadership."""

workspace_urls: list = []
