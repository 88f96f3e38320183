"""Connecting, renaming, disconnecting; and who may."""

from __future__ import annotations

import pytest
from django.test import Client

from quarterdeck.channels import reads, verbs
from quarterdeck.channels.models import Channel
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.ledger.models import Pending
from tests import make

pytestmark = pytest.mark.django_db


def connected() -> Channel:
    owner = make.member()
    return verbs.connect_sandbox(owner, brand=owner.workspace.brands.get())


def test_connected_in_one_act_with_one_event():
    channel = connected()
    assert (channel.name, channel.title, channel.sureness) == ("Harbour Kitchen", "Sandbox", "proved")
    assert Pending.objects.get(about_id=channel.pk).kind == "channels.channel.connected"
    assert list(reads.connected(channel.workspace)) == [channel]


def test_two_channels_of_one_brand_get_handles_of_their_own():
    channel = connected()
    second = verbs.connect_sandbox(channel.connected_by, brand=channel.brand)
    assert second.handle != channel.handle


def test_renamed_and_disconnected_once():
    channel = connected()
    by = channel.connected_by
    assert verbs.rename(channel, by=by, name=" Kitchen ").name == "Kitchen"
    with pytest.raises(Invalid):
        verbs.rename(channel, by=by, name="  ")
    verbs.disconnect(channel, by=by)
    with pytest.raises(Conflict):
        verbs.disconnect(channel, by=by)
    assert not reads.connected(channel.workspace).exists()


def test_another_workspaces_channel_is_not_found():
    with pytest.raises(NotFound):
        reads.channel(make.workspace(), connected().pk)


def test_the_page_offers_the_sandbox_in_one_click_to_who_may():
    owner = make.member()
    watcher = make.member("observer", owner.workspace, "Bea")
    home = f"/w/{owner.workspace.slug}/channels/"
    client = Client(headers={"host": "localhost"})
    client.force_login(owner.user)
    assert "Nothing here leaves it." in client.get(home).content.decode()
    assert client.post(f"{home}connect/", {"network": "sandbox"}).status_code == 302
    assert client.post(f"{home}connect/", {"network": "nowhere"}).status_code == 404
    assert Channel.objects.count() == 1
    client.force_login(watcher.user)
    assert "Connect a Sandbox channel" not in client.get(home).content.decode()
    assert client.post(f"{home}connect/", {"network": "sandbox"}).status_code == 403
