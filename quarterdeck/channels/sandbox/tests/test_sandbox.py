"""The Sandbox behaves as a careful network would: one post per key, findable by it, refusals in words."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from quarterdeck.channels.contract import Refused
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxAccount, SandboxPost
from quarterdeck.core import clock


def account(handle: str = "harbour") -> SandboxAccount:
    return SandboxAccount.objects.create(handle=handle, name="Harbour", created_at=clock.now())


@pytest.mark.django_db
def test_publishing_twice_with_one_key_is_one_post():
    account()
    network = SandboxAdapter("harbour")
    first = network.publish("key", "Soup.")
    assert network.publish("key", "Soup.") == first
    assert network.find("key") == first
    assert network.find("other") is None
    assert SandboxPost.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_are_one_post():
    account()
    answers, start = [], threading.Barrier(8)

    def publish() -> None:
        start.wait()
        try:
            answers.append(SandboxAdapter("harbour").publish("key", "Soup."))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert SandboxPost.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" * 500, []),
        ("a" * 501, ["It is 1 character over the 500 that the Sandbox takes."]),
        ("é👍" * 250, []),
        (" \n", ["There is no text yet."]),
    ],
)
def test_limits_in_words(text, words):
    assert SandboxAdapter("harbour").validate(text) == words


@pytest.mark.django_db
def test_refused_for_a_text_too_long_and_an_account_that_is_gone():
    with pytest.raises(Refused, match="no account"):
        SandboxAdapter("nobody").publish("key", "Soup.")
    account()
    with pytest.raises(Refused, match="over"):
        SandboxAdapter("harbour").publish("key", "a" * 501)
    assert not SandboxPost.objects.exists()
