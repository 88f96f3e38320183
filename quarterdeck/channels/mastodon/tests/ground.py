"""Mastodon's fake for the contract suite, and one of software that forgets keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from quarterdeck.channels import calls
from quarterdeck.channels.mastodon.tests import world
from quarterdeck.channels.mastodon.tests.fake_mastodon import FakeMastodon
from quarterdeck.channels.tests.contract_suite import Beside, Ground

_METHODS = {"edit": "PUT", "delete": "DELETE"}


@contextmanager
def _mastodon(**switches) -> Iterator[Ground]:
    with pytest.MonkeyPatch.context() as patch, FakeMastodon(**switches) as fake:
        patch.setenv("QUARTERDECK_PRIVATE_HOSTS", f"127.0.0.1:{fake.port}")
        calls.client.cache_clear()
        yield Ground(
            world.adapter(fake),
            lambda: [one["text"] for one in fake.made],
            lambda: Beside(len(fake.posts[-1]["media_attachments"])),
            fake.then,
            lambda act, post: f"{_METHODS[act]} /api/v1/statuses/{post.remote_id}",
        )
    calls.client.cache_clear()


@contextmanager
def _other_software() -> Iterator[Ground]:
    with _mastodon(software="pleroma", version="2.7.0", honours_key=False, markup="plain") as ground:
        yield ground


GROUNDS = {"mastodon": _mastodon, "mastodon, other software": _other_software}
