"""The contract suite: every adapter, against its network's fake."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Card, Content, Refused, Stopped, Thread, Unclear
from quarterdeck.channels.tests import contract_suite as suite
from quarterdeck.channels.tests.contract_suite import FAULTS, Beside, Gate, new_body
from quarterdeck.core import clock

pytestmark = pytest.mark.django_db
GROUNDS = suite.grounds()
TEXT = "Nettle soup, today at noon."
OWN = "sandbox"  # a part of this installation: no wire to break, nobody to sign in


def _network(ground: str) -> str:
    return ground.split(",")[0]


def able(what: str) -> pytest.MarkDecorator:
    """Only the networks whose `Capabilities` say so."""
    names = [one for one in GROUNDS if getattr(adapters.NETWORKS[_network(one)].CAPABILITIES, what)]
    return pytest.mark.parametrize("ground", names, indirect=True)


def unable(what: str) -> pytest.MarkDecorator:
    """Only the networks whose `Capabilities` say that they cannot."""
    names = [one for one in GROUNDS if not getattr(adapters.NETWORKS[_network(one)].CAPABILITIES, what)]
    return pytest.mark.parametrize("ground", names, indirect=True)


elsewhere = pytest.mark.parametrize("ground", [one for one in GROUNDS if _network(one) != OWN], indirect=True)


@pytest.fixture(params=GROUNDS)
def ground(request):
    with GROUNDS[request.param]() as made:
        yield made


def test_every_network_has_its_ground():
    assert set(adapters.NETWORKS) <= {_network(name) for name in GROUNDS}


def test_keys_are_short_and_never_the_same(ground):
    keys = [ground.adapter.new_key(suite.SLOT, position) for position in range(5) for _ in range(100)]
    assert len(set(keys)) == len(keys)
    assert all(0 < len(key) <= 64 and key.isascii() and key.isprintable() and " " not in key for key in keys)


def test_what_it_can_do_is_said_of_the_class_too(ground):
    can, own = ground.adapter.capabilities, type(ground.adapter).CAPABILITIES
    assert can.sureness in {"proved", "read back"}
    assert own.sureness in {"proved", "read back"}
    assert can.same_key_once or can.can_find  # else a lost answer could never be settled without a person


def test_limits_are_dated_and_have_a_source(ground):
    for limit in ground.adapter.limits:
        assert limit.value > 0
        assert limit.unit
        assert limit.source
        assert limit.checked <= datetime.now(UTC).date() + timedelta(days=1)


def test_validate_says_in_sentences_what_is_wrong(ground):
    assert ground.adapter.validate(Content(TEXT)) == []
    for text in ("", " \n", "soup " * 20_000):
        words = ground.adapter.validate(Content(text))
        assert words
        assert [suite.fault(one, ground.adapter) for one in words] == [""] * len(words)


def test_the_same_arguments_give_the_same_body(ground):
    key = ground.adapter.new_key(suite.SLOT, 0)
    given = {"key": key, "due_at": suite.SLOT}
    first = ground.adapter.render(Content(TEXT, (), "en"), **given)
    again = type(ground.adapter)(ground.adapter.account).render(Content(TEXT, (), "en"), **given)
    assert json.dumps(first) == json.dumps(again)
    other = ground.adapter.render(Content(f"{TEXT} And rhubarb.", (), "en"), **given)
    assert json.dumps(other) != json.dumps(first)
    assert ground.made() == []


def test_published_inside_the_gate_and_made_once(ground):
    key, body = new_body(ground.adapter, TEXT)
    gate = Gate()
    published = ground.adapter.publish(key, body, gate=gate)
    assert gate.passed == 1
    assert published.remote_id
    assert published.url
    assert json.loads(json.dumps(dict(published.details))) == published.details
    assert ground.made() == [TEXT]


def test_a_closed_gate_lets_nothing_reach_the_network(ground):
    key, body = new_body(ground.adapter, TEXT)
    with pytest.raises(Stopped):
        ground.adapter.publish(key, body, gate=Gate(closed=True))
    assert ground.made() == []
    assert ground.adapter.publish(key, body, gate=Gate()).remote_id  # and nothing was spoilt


def test_a_second_publish_with_the_same_key_is_as_it_says_of_itself(ground):
    key, body = new_body(ground.adapter, TEXT)
    first = ground.adapter.publish(key, body, gate=Gate())
    second = ground.adapter.publish(key, body, gate=Gate())
    once = ground.adapter.capabilities.same_key_once
    assert len(ground.made()) == (1 if once else 2)
    assert (second.remote_id == first.remote_id) == once


@able("threads")
def test_a_thread_is_made_in_its_order(ground):
    root = suite.publish(ground.adapter, "First part.")
    second = suite.publish(ground.adapter, "Second part.", position=1, thread=Thread(root, root))
    suite.publish(ground.adapter, "Third part.", position=2, thread=Thread(root, second))
    assert ground.made() == ["First part.", "Second part.", "Third part."]


# --- the card of a link ---------------------------------------------------------------------------------

LINK = "https://example.com/menu"


def card(picture: bool = True) -> Card:
    return Card(LINK, "The menu", "Nettle soup.", suite.image() if picture else None)


@able("cards")
@pytest.mark.parametrize("picture", [True, False], ids=["with a picture", "without one"])
def test_a_card_goes_out_where_the_network_makes_none(ground, picture):
    content = Content(f"Soup: {LINK}", card=card(picture))
    assert ground.adapter.capabilities.cards
    assert ground.adapter.validate(content) == []
    assert suite.say(ground.adapter, content).remote_id
    assert ground.beside() == Beside(card=(LINK, "The menu", "Nettle soup.", picture))


@able("cards")
def test_pictures_of_its_own_go_out_instead_of_a_card(ground):
    suite.say(ground.adapter, Content(f"Soup: {LINK}", (suite.image(),), card=card()))
    assert ground.beside() == Beside(pictures=1)


@able("cards")
def test_without_a_card_the_link_stands_alone(ground):
    suite.say(ground.adapter, Content(f"Soup: {LINK}"))
    assert ground.beside() == Beside()


@unable("cards")
def test_a_network_that_makes_its_own_cards_is_given_none(ground):
    key = ground.adapter.new_key(suite.SLOT, 0)
    bare = Content(f"Soup: {LINK}")
    with_card = replace(bare, card=card(picture=False))
    assert not ground.adapter.capabilities.cards
    assert ground.adapter.validate(with_card) == ground.adapter.validate(bare)
    one, other = (ground.adapter.render(c, key=key, due_at=suite.SLOT) for c in (bare, with_card))
    assert one == other
    suite.say(ground.adapter, with_card)
    assert ground.beside() == Beside()


@elsewhere
@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_apart(ground, fault):
    said, count = FAULTS[fault]
    key, body = new_body(ground.adapter, TEXT)
    ground.then(fault)
    with pytest.raises((Refused, Unclear)) as told:
        ground.adapter.publish(key, body, gate=Gate())
    error = told.value
    assert suite.fault(error.words, ground.adapter) == "", error.words
    assert len(ground.made()) == count
    if said == suite.UNCLEAR:
        assert isinstance(error, Unclear), error
        _settles(ground, key, body, count)
    elif said == suite.BUSY:
        assert error.transient
        assert not error.reconnect
        assert 20 <= error.retry_after <= 40
    elif said == suite.SIGN_IN:
        assert error.expired or error.reconnect
    else:
        assert error.reconnect
        assert not error.transient


def _settles(ground, key: str, body: dict, count: int) -> None:
    """A lost answer is found when the post is out; never said to be absent then, nor found when it is not."""
    finding = ground.adapter.reconcile(key, body, began_at=suite.long_ago())
    assert suite.fault(finding.evidence, ground.adapter) == "", finding.evidence
    if count:
        assert finding.what == "found"
        assert finding.published.remote_id
        assert finding.published.url
    else:
        assert finding.what in {"absent", "unknown"}
        assert finding.published is None


@elsewhere
def test_a_call_that_began_just_now_is_not_called_absent(ground):
    """A server goes on with it after the line broke: what is not there yet may be in a moment."""
    key, body = new_body(ground.adapter, TEXT)
    began = clock.now()
    ground.then("drop_before")
    with pytest.raises(Unclear):
        ground.adapter.publish(key, body, gate=Gate())
    finding = ground.adapter.reconcile(key, body, began_at=began)
    assert (finding.what, finding.published) == ("unknown", None)
    assert suite.fault(finding.evidence, ground.adapter) == "", finding.evidence


def test_what_was_never_sent_is_not_found(ground):
    suite.publish(ground.adapter, "Something else altogether.")
    key, body = new_body(ground.adapter, TEXT)
    finding = ground.adapter.reconcile(key, body, began_at=suite.long_ago())
    assert finding.what in {"absent", "unknown"}
    assert suite.fault(finding.evidence, ground.adapter) == ""


def test_what_was_found_can_be_answered_to_and_taken_down(ground):
    key, body = new_body(ground.adapter, TEXT)
    ground.adapter.publish(key, body, gate=Gate())
    found = ground.adapter.reconcile(key, body, began_at=suite.long_ago()).published
    if ground.adapter.capabilities.threads:
        suite.publish(ground.adapter, "An answer.", position=1, thread=Thread(found, found))
    if ground.adapter.capabilities.deletes:
        ground.adapter.delete(found)
        ground.adapter.delete(found)


# --- what is out is changed and taken down -----------------------------------------------------------------


@able("edits")
def test_an_edit_leaves_inside_the_gate_and_twice_is_once(ground):
    adapter, post = ground.adapter, suite.publish(ground.adapter, TEXT)
    body, gate = suite.new_words(adapter, "Nettle soup, tomorrow."), Gate()
    if not adapter.capabilities.edits:
        with pytest.raises(Refused) as told:
            adapter.edit(post, body, gate=gate)
        assert suite.fault(told.value.words, adapter) == ""
        assert (gate.passed, told.value.transient) == (0, False)
        return
    with pytest.raises(Stopped):
        adapter.edit(post, body, gate=Gate(closed=True))
    assert suite.standing(adapter) == [TEXT]
    first = adapter.edit(post, body, gate=gate)
    second = adapter.edit(first, body, gate=gate)
    assert first.remote_id == second.remote_id == post.remote_id
    assert suite.standing(adapter) == ["Nettle soup, tomorrow."]
    assert gate.passed == 2


@unable("edits")
def test_a_network_without_edits_says_so_and_changes_nothing(ground):
    post = suite.publish(ground.adapter, TEXT)
    with pytest.raises(Refused) as told:
        ground.adapter.edit(post, suite.new_words(ground.adapter, "Other."), gate=Gate(closed=True))
    assert suite.fault(told.value.words, ground.adapter) == ""
    assert suite.standing(ground.adapter) == [TEXT]


@able("edits")
def test_an_edit_of_what_is_gone_is_refused_in_words(ground):
    post = suite.publish(ground.adapter, TEXT)
    ground.adapter.delete(post)
    with pytest.raises(Refused) as told:
        ground.adapter.edit(post, suite.new_words(ground.adapter, "Other."), gate=Gate())
    assert suite.fault(told.value.words, ground.adapter) == ""
    assert not told.value.transient


@able("deletes")
def test_taking_down_twice_is_no_error_and_nothing_stands_then(ground):
    posts = [suite.publish(ground.adapter, f"Soup number {n}.", position=n) for n in range(2)]
    ground.adapter.delete(posts[0])
    ground.adapter.delete(posts[0])
    assert suite.standing(ground.adapter) == ["Soup number 1."]


@elsewhere
@pytest.mark.parametrize("act", ["edit", "delete"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [("drop_before", Unclear), ("drop_after", Unclear), ("500_after", Unclear), ("429:30", Refused)],
)
def test_a_change_without_an_answer_is_unclear_and_the_same_again_settles_it(ground, act, fault, said):
    adapter = ground.adapter
    if act == "edit" and not adapter.capabilities.edits:
        pytest.skip("it cannot edit")
    post, body = suite.publish(adapter, TEXT), suite.new_words(adapter, "Other.")

    def change() -> None:
        adapter.edit(post, body, gate=Gate()) if act == "edit" else adapter.delete(post)

    ground.then({"fault": fault, "on": ground.call(act, post)})
    with pytest.raises(said) as told:
        change()
    assert suite.fault(told.value.words, adapter) == "", told.value.words
    change()
    assert suite.standing(adapter) == (["Other."] if act == "edit" else [])


@able("metrics")
def test_numbers_come_in_the_order_asked_for_and_a_deleted_post_is_gone(ground):
    posts = [suite.publish(ground.adapter, f"Soup number {n}.") for n in range(3)]
    if ground.adapter.capabilities.deletes:
        ground.adapter.delete(posts[1])
    counts = ground.adapter.metrics(posts)
    assert [one.gone for one in counts] == [False, ground.adapter.capabilities.deletes, False]
    assert [suite.counts_fault(one) for one in counts] == [""] * 3
    assert counts[0].values
    assert ground.adapter.metrics([]) == []


def test_own_posts_are_read_back_newest_first(ground):
    before = datetime.now(UTC) - timedelta(days=90)
    for number in range(3):
        suite.publish(ground.adapter, f"Soup number {number}.", position=number)
    own = list(ground.adapter.own_posts(before))
    assert {post.text for post in own} == {f"Soup number {number}." for number in range(3)}
    assert [p.posted_at for p in own] == sorted((p.posted_at for p in own), reverse=True)
    assert all(post.posted_at.tzinfo and post.published.remote_id for post in own)
    assert [suite.counts_fault(post.counts) for post in own] == [""] * 3
    assert list(ground.adapter.own_posts(datetime.now(UTC) + timedelta(days=1))) == []


def test_replies_and_health_are_what_they_shall_be(ground):
    published = suite.publish(ground.adapter, TEXT)
    if ground.adapter.capabilities.replies:
        assert ground.adapter.replies(published) == []
    health = ground.adapter.health()
    assert health.expires_at is None or health.expires_at > datetime.now(UTC)
    for words in (*health.missing, *health.left):
        assert suite.fault(words, ground.adapter) == "", words


@elsewhere
def test_what_it_sends_people_to_read_is_words(ground):
    connector = adapters.CONNECTORS[ground.adapter.network]
    assert connector.network == ground.adapter.network
    assert len(connector.steps) >= 2
    assert [suite.fault(step, ground.adapter) for step in connector.steps] == [""] * len(connector.steps)
    names = [field.name for field in connector.fields]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name != "brand" for name in names)
    assert any(field.secret for field in connector.fields)


def test_a_sign_in_is_ended_and_a_second_time_is_no_error(ground):
    for _ in range(2):
        left = ground.adapter.revoke()
        assert left == "" or not suite.fault(left, ground.adapter)
