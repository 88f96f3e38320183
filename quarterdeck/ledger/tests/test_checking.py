"""The pages on which anybody checks a proof, and the log’s word between two sizes; a browser tests what they do."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client

from quarterdeck.engines import verify
from quarterdeck.ledger import reads
from quarterdeck.ledger.models import Checkpoint
from quarterdeck.ledger.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("declared")]


def test_verify_py_is_served_to_anyone_as_it_is():
    answer = Client().get("/verify.py")
    assert answer.content == Path(verify.__file__).read_bytes()
    assert 'filename="verify.py"' in answer["Content-Disposition"]


def test_the_saved_page_holds_all_it_needs_and_lets_nothing_else_in():
    answer = Client().get("/verify/offline.html")
    assert answer["Content-Disposition"] == 'attachment; filename="check-a-proof.html"'
    text = answer.content.decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none';")
    for name, tag in (("style-src", "style"), ("script-src", 'script type="module"')):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag.split()[0]}>", text, re.S)
        made = b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{name} 'sha256-{made}'" in policy
        assert not re.search(r"url\(|^import |^export |fetch\(.*http", inside, re.M)
    assert not re.search(r'(href|src|action)="', text)
    assert "Check a proof" in Client().get("/verify/").content.decode()


def test_the_log_says_between_any_two_sizes_that_nothing_before_was_changed():
    actor, thing = world.people()
    world.signed(actor, thing, 3)
    log = world.signed(actor, thing, 300)
    older = Checkpoint.objects.get(log=log, size=3).note
    where = f"/ledger/{log.workspace_id}/{log.epoch}/since"
    answer = Client().get(f"{where}/3")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert verify.compare(older, answer.content.decode(), log.verifier_keys).proved
    newest = reads.newest_checkpoint(log).note
    assert verify.compare(newest, Client().get(f"{where}/303").content.decode(), log.verifier_keys).proved
    assert Client().get(f"{where}/304").status_code == 404
    assert Client().get(f"{where}/0").content.decode() == f"old 0\n\n{newest}"
