"""Proofs of possession: whose nonce is old or whose clock is wrong is told so before anything is done, and the call is
made once more; through the gate again, so that a hold that came between stops it.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace

import httpx
import pytest

from quarterdeck.channels.bluesky import dpop
from quarterdeck.channels.bluesky.adapter import BlueskyAdapter
from quarterdeck.channels.bluesky.tests import fake_dpop, world
from quarterdeck.channels.contract import Refused, Stopped, Unclear

PUT = "POST /xrpc/com.atproto.repo.putRecord"


def _puts(fake) -> int:
    return sum(one == PUT for one in fake.requests)


@pytest.fixture
def ada(fake):
    return BlueskyAdapter(world.by_oauth(fake))


def _publish(ada, gate=None):
    made = world.body(ada)
    return ada.publish(made["rkey"], made, gate=gate or world.Gate())


def test_the_first_call_learns_the_nonce_and_is_made_once_more(fake, ada):
    gate = world.Gate()
    _publish(ada, gate)
    assert (_puts(fake), gate.passed, len(fake.made), fake.commits) == (2, 2, 1, 1)


def test_after_any_call_publishing_is_one_call(fake, ada):
    ada.health()
    gate = world.Gate()
    _publish(ada, gate)
    _publish(BlueskyAdapter(ada.account), gate)  # an adapter keeps nothing; the process does
    assert (_puts(fake), gate.passed, len(fake.made)) == (2, 2, 2)


def test_another_sign_in_at_the_same_server_profits(fake, ada):
    ada.health()
    _publish(BlueskyAdapter(world.by_oauth(fake)))
    assert (_puts(fake), fake.nonces.refused) == (1, 1)


def test_a_nonce_that_changed_meanwhile_costs_one_more_call(fake, ada):
    ada.health()
    fake.nonces.rotate()
    gate = world.Gate()
    _publish(ada, gate)
    assert (_puts(fake), gate.passed, len(fake.made)) == (2, 2, 1)


def test_a_nonce_that_is_never_good_is_tried_twice_and_nothing_goes_out(fake, ada, monkeypatch):
    monkeypatch.setattr(fake_dpop.Nonces, "newest", property(lambda self: "never-good"), raising=True)
    gate = world.Gate()
    with pytest.raises(Refused, match="did not take the proof") as no:
        _publish(ada, gate)
    assert no.value.transient
    assert not no.value.expired
    assert (_puts(fake), gate.passed, fake.made) == (2, 2, [])


def test_nonces_that_are_good_once_are_no_trouble(fake, ada):
    fake.nonces.always = True
    for _ in range(3):
        _publish(ada)
    assert len(fake.made) == 3


def test_a_hold_between_the_two_calls_stops_the_second(fake, ada):
    class Held(world.Gate):
        @contextlib.contextmanager
        def __call__(self):
            if self.passed == 1:
                raise Stopped("it is held")
            self.passed += 1
            yield

    with pytest.raises(Stopped):
        _publish(ada, Held())
    assert (_puts(fake), fake.made) == (1, [])


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "500_after", "half_answer"])
def test_no_answer_to_the_second_call_is_as_unclear_as_ever(fake, ada, fault):
    made = world.body(ada)
    ada.health()
    fake.nonces.rotate()
    real = fake.fault_for
    seen = []

    def second_only(call):
        if call.endswith("putRecord"):
            seen.append(call)
            if len(seen) == 2:
                fake.then(fault)
        return real(call)

    fake.fault_for = second_only
    with pytest.raises(Unclear):
        ada.publish(made["rkey"], made, gate=world.Gate())
    fake.fault_for = real
    assert len(seen) == 2
    found = ada.reconcile(made["rkey"], made, began_at=world.DUE)
    assert found.what == ("absent" if fault == "drop_before" else "found")


@pytest.mark.parametrize("skew", [-4000, -90, 90, 4000])
def test_a_clock_that_is_wrong_is_made_up_for(fake, ada, skew):
    fake.skew = skew
    _publish(ada)
    assert len(fake.made) == 1
    assert ada.renew().values["access"]


def test_a_clock_is_named_where_it_cannot_be_made_up_for(fake, ada, monkeypatch):
    """The server's Date says one thing and it judges by another."""
    monkeypatch.setattr(fake_dpop, "EARLY_OR_LATE", -1.0)
    fake.skew = 4000
    with pytest.raises(Refused, match="clock of the machine Quarterdeck runs on is 67 minutes behind") as no:
        _publish(ada)
    assert no.value.transient
    assert fake.made == []


def test_files_too_are_brought_with_a_proof_and_once_more(fake, ada):
    picture = world.image()
    assert ada.upload(picture)["blob"]["size"] == picture.size
    assert len(fake.blobs) == 1


def test_a_token_is_no_good_without_its_key(fake, ada):
    thief = replace(ada.account, secrets=dict(ada.account.secrets) | {"key": dpop.new_key()})
    with pytest.raises(Refused):
        BlueskyAdapter(thief).health()
    assert fake.unexpected.pop().endswith("another key than the token's")
    bare = {name: value for name, value in ada.account.secrets.items() if name != "key"}
    with pytest.raises(Refused):
        BlueskyAdapter(replace(ada.account, secrets=bare)).upload(world.image())


def test_what_is_remembered_is_bounded():
    memory = dpop._Memory()
    for number in range(2 * dpop._MOST):
        memory.keep(f"https://{number}.example", "key", dpop.Heard("n"))
    assert len(memory._heard) == dpop._MOST
    assert memory.of(f"https://{2 * dpop._MOST - 1}.example", "another") == dpop.Heard("n")
    assert memory.of("https://0.example", "key") == dpop.Heard()


@pytest.mark.parametrize("given", ["", "x" * 501, "ü"])
def test_a_nonce_that_is_none_is_not_kept(given):
    dpop.memory.forget()
    prover = dpop.Prover(dpop.new_key(), "token")
    headers = [(b"DPoP-Nonce", given.encode()), (b"Date", b"not a date")]
    answer = httpx.Response(401, headers=headers, content=b'{"error": "use_dpop_nonce"}')
    assert not prover.hear("https://a.example/x", answer)
    assert dpop.memory.of("https://a.example", "") == dpop.Heard()


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"[" * 100_000, b'{"error": 7}'])
def test_a_refusal_that_cannot_be_read_is_not_made_once_more(body):
    assert not dpop.Prover(dpop.new_key()).hear("https://a.example/", httpx.Response(401, content=body))


def test_the_vectors_of_the_standards():
    """RFC 7636, appendix B; RFC 7638 has only an RSA vector, so the EC key of RFC 9449, figure 7, and its `jkt`."""
    assert (
        dpop.digest("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
    }
    assert dpop.thumbprint(jwk) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
