"""Connecting an account where a person posts: it needs its name, and nothing signs in."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from quarterdeck import ledger
from quarterdeck.channels.by_hand.adapter import is_known
from quarterdeck.channels.by_hand.networks import TITLES, is_web_address
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import is_line
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member

NAME_LENGTH = 80
KINDS = {"posts": "Posts", "stories": "Stories", "profile": "A personal profile"}


@verb
def connect_by_hand(
    by: Member, *, brand: Brand, network: str, name: str, kind: str = "posts", address: str = ""
) -> Channel:
    """Add an account on which a person posts. `name`: as it is called there; `kind`: one of KINDS; `address`: where it
    is opened, for a network whose address nobody can know.

    Raises Invalid with its fields, Conflict when the same one is there already.
    """
    name = _checked(network, name, kind, address)
    if kind == "stories":
        name = f"{name} stories"[:NAME_LENGTH]
    event_id = ids.new()
    try:
        with transaction.atomic():
            channel = Channel.objects.create(
                workspace=by.workspace,
                brand=brand,
                network=network,
                handle=name.lstrip("@"),
                name=name,
                by_hand=True,
                server=address.strip(),
                facts={"kind": kind},
                connected_by=by,
                connected_at=clock.now(),
                ledger_event_id=event_id,
            )
    except IntegrityError as error:
        raise Conflict(
            f"“{name}” on {TITLES[network]} is here already, by hand.",
            not_done="Nothing was added.",
            next_step="It is in the list of channels.",
        ) from error
    fields = {"network": f"{network}, by hand", "handle": channel.handle, "name": channel.name}
    ledger.record("channels.channel.connected", actor=by, about=channel, fields=fields, event_id=event_id)
    return channel


def _checked(network: str, name: str, kind: str, address: str) -> str:
    """The name as it is kept. Invalid names each field that cannot be used."""
    name, wrong = name.strip(), {}
    if not is_known(network):
        wrong["network"] = "Please choose a network from the list."
    if kind not in KINDS:
        wrong["kind"] = "Please choose what is posted there."
    if not name.lstrip("@"):
        wrong["name"] = "Please say how the account is called there."
    elif len(name) > NAME_LENGTH or not is_line(name):
        wrong["name"] = f"Please write at most {NAME_LENGTH} characters, on one line."
    if address.strip() and (len(address) > 200 or not is_web_address(address.strip())):
        wrong["address"] = "Please give a web address that begins with https://, or leave it empty."
    if wrong:
        raise Invalid(
            "The account could not be added like this.", not_done="Nothing was added.", fields=wrong
        )
    return name
