"""Mastodon, and servers that speak its interface. Written from the public documentation (docs.joinmastodon.org).

Mastodon itself keeps an idempotency key for an hour; other software is not trusted to, so there a lost answer is
settled by reading the account's own posts back.
"""
