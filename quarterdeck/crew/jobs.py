"""Crew's background work: messages on their way out."""

from __future__ import annotations

from procrastinate.contrib.django import app

from quarterdeck.crew import notify


@app.task(name="crew.deliver_message", queue="messages", pass_context=False)
def deliver_message(message_id: str) -> None:
    """Send one message, or put it off; idempotent, so a retry of a stalled job is safe."""
    notify.deliver(message_id)
