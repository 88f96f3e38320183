"""Renewing a sign-in: by one at a time, committed before it is used, and honest when it was cut off."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from quarterdeck.channels import credentials
from quarterdeck.channels.contract import Refused, Secrets
from quarterdeck.channels.intake import signins
from quarterdeck.channels.models import Channel, Credential
from quarterdeck.channels.tests.world import connected
from quarterdeck.core import clock
from tests.web.serving import database_url

pytestmark = pytest.mark.django_db(transaction=True)
RUN_OUT = timedelta(minutes=61)


def ends(channel: Channel, minutes: float) -> None:
    Credential.objects.filter(pk=channel.pk).update(expires_at=clock.now() + timedelta(minutes=minutes))


def test_what_is_valid_for_long_is_used_as_it_is(server):
    channel = connected()
    assert credentials.fresh(channel).secrets["access"] == "access-0"
    assert server.get("renewals") == 0


def test_what_ends_within_five_minutes_is_renewed_first_and_kept(server):
    channel = connected()
    ends(channel, 4.9)
    assert credentials.fresh(channel).secrets == {"access": "access-1", "refresh": "refresh-1"}
    kept = Credential.objects.get(pk=channel.pk)
    assert (kept.version, kept.renewing_until) == (2, None)
    assert b"refresh-1" not in bytes(kept.sealed)
    assert credentials.fresh(Channel.objects.get(pk=channel.pk)).secrets["access"] == "access-1"
    assert server.get("renewals") == 1


def test_what_the_network_calls_expired_is_renewed_once_for_all_who_were_told(server):
    channel = connected()
    old = credentials.known(channel)
    assert credentials.fresh(channel, expired=old).secrets["access"] == "access-1"
    assert credentials.fresh(channel, expired=old).secrets["access"] == "access-1"
    assert server.get("renewals") == 1


def test_an_empty_refresh_token_never_overwrites(server):
    channel = connected()
    server.set(empty_refresh=True)
    ends(channel, 1)
    assert credentials.fresh(channel).secrets == {"access": "access-1", "refresh": "refresh-0"}


def test_eight_at_once_renew_once(server):
    channel = connected()
    server.set(pause=0.3)
    ends(channel, -1)
    got, start = [], threading.Barrier(8)

    def use() -> None:
        start.wait()
        try:
            got.append(credentials.fresh(Channel.objects.get(pk=channel.pk)).secrets["access"])
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["access-1"] * 8
    assert server.get("renewals") == 1


def test_while_one_renews_the_others_use_what_is_still_valid(server):
    channel = connected()
    ends(channel, 3)
    assert signins.take_renewal(Credential.objects.get(pk=channel.pk), clock.now())
    assert credentials.fresh(channel).secrets["access"] == "access-0"


def test_whoever_cannot_wait_any_longer_is_told_to_come_again(server, monkeypatch):
    channel = connected()
    ends(channel, -1)
    signins.take_renewal(Credential.objects.get(pk=channel.pk), clock.now())
    monkeypatch.setattr(credentials, "PATIENCE", 0.0)
    with pytest.raises(Refused) as told:
        credentials.fresh(channel)
    assert told.value.transient
    assert not told.value.reconnect


def process(channel: Channel, *more: str) -> subprocess.Popen:
    environment = os.environ | {"DATABASE_URL": database_url()}
    command = [sys.executable, "-m", "quarterdeck.channels.tests.renewing_process", str(channel.pk), *more]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_two_processes_renew_once(server):
    channel = connected()
    server.set(pause=0.5)
    ends(channel, -1)
    both = [process(channel), process(channel)]
    said = [one.communicate(timeout=60)[0].strip() for one in both]
    assert said == ["access-1", "access-1"]
    assert server.get("renewals") == 1


def test_killed_between_the_answer_and_the_commit_a_person_is_told_to_connect_again(server):
    channel = connected()
    ends(channel, -1)
    server.set(die=True)
    killed = process(channel)
    assert killed.wait(60) == -9
    assert killed.stdout.read() == ""
    assert server.get("renewals") == 1  # the network gave the new token, and nobody has it
    kept = Credential.objects.get(pk=channel.pk)
    assert kept.version == 1
    assert kept.renewing_until > clock.now()  # nobody else tries while it may still be under way
    with clock.later(timedelta(seconds=91)), pytest.raises(Refused) as told:
        credentials.fresh(channel)
    assert told.value.reconnect
    assert "cut off" in told.value.words
    assert "connect it again" in told.value.words


def test_killed_before_the_network_heard_of_it_the_next_renews(server):
    channel = connected()
    ends(channel, -1)
    signins.take_renewal(Credential.objects.get(pk=channel.pk), clock.now())  # and here it is killed
    with clock.later(timedelta(seconds=91)):
        assert credentials.fresh(channel).secrets["access"] == "access-1"


def test_a_refusal_gives_the_lease_back_and_what_is_valid_is_used(server):
    channel = connected()
    ends(channel, 4)
    server.set(renewal_refused=True)
    assert credentials.fresh(channel).secrets["access"] == "access-0"
    ends(channel, -1)
    with pytest.raises(Refused, match="busy"):
        credentials.fresh(channel)
    assert Credential.objects.get(pk=channel.pk).renewing_until is None
    server.set(renewal_refused=False)
    assert credentials.fresh(channel).secrets["access"] == "access-1"


def test_a_person_who_signs_in_meanwhile_wins_over_a_renewal(server):
    channel = connected()
    before = Credential.objects.get(pk=channel.pk)
    signins.keep(channel, Secrets({"access": "by a person", "refresh": "theirs"}))
    assert not signins.keep_renewed(before, Secrets({"access": "late"}))
    assert credentials.known(channel).secrets["access"] == "by a person"


def test_a_late_answer_is_kept_although_its_lease_ran_out(server):
    channel = connected()
    mine = Credential.objects.get(pk=channel.pk)
    signins.take_renewal(mine, clock.now())
    assert signins.take_renewal(
        mine, clock.now() + timedelta(seconds=91)
    )  # somebody took over, and calls now
    assert signins.keep_renewed(mine, Secrets({"access": "real", "refresh": "real too"}))
    assert not signins.keep_renewed(mine, Secrets({"access": "second"}))
    assert credentials.known(channel).secrets["access"] == "real"


def test_a_sign_in_is_never_renewed_inside_a_transaction(server):
    channel = connected()
    ends(channel, -1)
    with pytest.raises(RuntimeError), transaction.atomic():
        credentials.fresh(channel)
    assert server.get("renewals") == 0


def test_connecting_anew_forgets_the_whole_old_sign_in(server):
    channel = connected()
    signins.keep(channel, Secrets({"access": "new", "refresh": ""}))
    assert credentials.known(channel).secrets == {"access": "new"}
    signins.keep(channel, Secrets({"token": "of another kind"}))
    assert credentials.known(channel).secrets == {"token": "of another kind"}
