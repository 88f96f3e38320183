"""Channels' background work that carries no guarantee: the first look at what an account had posted before."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from quarterdeck.channels import numbers
from quarterdeck.channels.models import Channel
from quarterdeck.core.claims import return_connections


@app.task(
    name="channels.first_look",
    queue="channels",
    pass_context=False,
    retry=RetryStrategy(max_attempts=12, linear_wait=120),
)
def first_look(channel_id: str) -> None:
    """Import the posts of the last 90 days; idempotent: read from the newest again, only what is new is kept."""
    channel = Channel.objects.filter(pk=UUID(channel_id)).first()
    try:
        if channel is not None:
            numbers.first_look(channel)
    finally:
        return_connections()
