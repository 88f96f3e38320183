"""The addresses of consent."""

workspace_urls: list = []
