"""Telling people: behind the bell at once, outside by each person's wishes and never twice without need."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew import destinations, intake, jobs, mail, notify, reads, verbs
from quarterdeck.crew.models import Destination, Message, Notification
from quarterdeck.crew.permissions import Role
from quarterdeck.crew.tests.fake_servers import FakeSMTP
from tests import make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)  # 12:00 in Berlin
NIGHT = datetime(2026, 6, 1, 20, 0, tzinfo=UTC)  # 22:00 in Berlin
MORNING = datetime(2026, 6, 2, 5, 30, tzinfo=UTC)  # 07:30 in Berlin


def ada(**fields):
    member = make.member()
    member.user.timezone = "Europe/Berlin"
    for name, value in fields.items():
        setattr(member.user, name, value)
    member.user.save()
    return member


def mail_is_set_up(port=2525):
    given = mail.Server("127.0.0.1", port, "none", "", "desk@example.org")
    verbs.set_outgoing_mail(given, None, by=make.user("Keeper"))


def told(member, **kwargs):
    return notify.tell(member, subject="Approved", text="Your post was approved.", url="/w/x/", **kwargs)


def test_it_waits_behind_the_bell_even_when_nothing_goes_out():
    member = ada()
    told(member)
    assert reads.unread(member) == 1
    assert not Message.objects.exists()
    intake.mark_read(member)
    assert reads.unread(member) == 0


def test_by_day_it_goes_out_at_once_and_by_night_after_the_quiet_hours():
    mail_is_set_up()
    member = ada()
    for now, due in ((NOON, NOON), (NIGHT, MORNING)):
        with clock.at(now):
            assert told(member).messages.get().due_at == due
    with clock.at(NIGHT):
        assert told(member, urgent=True).messages.get().due_at == NIGHT


def test_quiet_hours_are_the_persons_own():
    mail_is_set_up()
    member = ada()
    wishes = {"by_email": True, "by_push": True, "quiet_from": time(12), "quiet_until": time(13)}
    intake.change_preferences(member.user, quiet=True, **wishes)
    with clock.at(NOON):
        assert told(member).messages.get().due_at == NOON + timedelta(hours=1)
    intake.change_preferences(member.user, quiet=False, **wishes)
    with clock.at(NOON):
        assert told(member).messages.get().due_at == NOON


def test_who_wants_no_mail_gets_none():
    mail_is_set_up()
    member = ada()
    intake.change_preferences(
        member.user, by_email=False, by_push=True, quiet=False, quiet_from=time(0), quiet_until=time(0)
    )
    assert not told(member).messages.exists()


def test_the_job_is_deferred_with_the_act_and_vanishes_with_it():
    mail_is_set_up()
    member = ada()
    with clock.at(NIGHT):
        told(member)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.scheduled_at) == ("crew.deliver_message", MORNING)
    with transaction.atomic():
        told(member)
        transaction.set_rollback(True)
    assert ProcrastinateJob.objects.count() == Notification.objects.count() == 1


def test_the_job_sends_the_mail_once():
    with FakeSMTP().running() as fake:
        mail_is_set_up(fake.port)
        member = ada()
        message = told(member, urgent=True).messages.get()
        for _ in range(3):
            jobs.deliver_message(str(message.pk))
    assert len(fake.received) == 1
    assert "/w/x/" in fake.received[0][2]
    message.refresh_from_db()
    assert (message.state, message.attempts) == (Message.SENT, 1)


def test_nothing_goes_out_before_its_time():
    with FakeSMTP().running() as fake:
        mail_is_set_up(fake.port)
        with clock.at(NIGHT):
            message = told(ada()).messages.get()
            assert notify.deliver(str(message.pk)) == Message.WAITING
        assert not fake.received
        with clock.at(MORNING):
            assert notify.deliver(str(message.pk)) == Message.SENT


def test_a_refusal_is_tried_again_and_then_told():
    with FakeSMTP(refuse={"RCPT": "451 come back later"}).running() as fake:
        mail_is_set_up(fake.port)
        with clock.at(NOON):
            message = told(ada()).messages.get()
        now, waits = NOON, []
        for _ in range(5):
            with clock.at(now):
                notify.deliver(str(message.pk))
            message.refresh_from_db()
            waits.append(message.due_at - now)
            now = message.due_at
    assert waits[:4] == notify.BACKOFF
    assert (message.state, message.attempts) == (Message.FAILED, 5)
    assert "451 come back later" in message.problem


def test_somebody_who_left_is_told_nothing_more():
    with FakeSMTP().running() as fake:
        mail_is_set_up(fake.port)
        owner = make.member()
        bo = make.member(Role.AUTHOR, of=owner.workspace, name="Bo")
        message = told(bo, urgent=True).messages.get()
        verbs.remove_member(bo, by=owner)
        assert notify.deliver(str(message.pk)) == Message.FAILED
    assert not fake.received


def test_a_message_that_is_gone_is_no_error():
    assert notify.deliver("01900000-0000-7000-8000-000000000000") == "gone"


def test_an_interrupted_message_is_sent_again():
    with FakeSMTP().running() as fake:
        mail_is_set_up(fake.port)
        message = told(ada(), urgent=True).messages.get()
        Message.objects.update(state=Message.SENDING, attempts=1)
        assert notify.deliver(str(message.pk)) == Message.SENT
    assert len(fake.received) == 1


# --- places: Apprise ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "ntfy://a-long-secret-topic",
        "ntfys://a-long-secret-topic?priority=high",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "gotifys://8.8.8.8/AbCdEfGhIjKlMnO",
    ],
)
def test_known_services_are_accepted(url):
    assert destinations.check(url, owner=False) == url.split(":")[0]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("hello", "Write it like"),
        ("file:///etc/passwd", "not on the list"),
        ("mailto://user:pass@example.org", "not on the list"),
        ("syslog://localhost", "not on the list"),
        ("exec://reboot", "not on the list"),
        ("json://example.org/hook", "only for whoever owns"),
        ("forms://example.org/hook", "only for whoever owns"),
        ("gotify://127.0.0.1/AbCdEfGhIjKlMnO", "private network"),
        ("gotify://localhost/AbCdEfGhIjKlMnO", "private network"),
        ("gotify://[::1]/AbCdEfGhIjKlMnO", "private network"),
        ("gotify://169.254.169.254/AbCdEfGhIjKlMnO", "private network"),
        ("gotify://2130706433/AbCdEfGhIjKlMnO", "private network"),
        ("ntfy://10.0.0.7/topic", "private network"),
        ("ntfys://user:pass@192.168.1.4:8443/topic", "private network"),
        ("mmost://intranet.invalid/token", "no server"),
        ("zulip://desk@127.0.0.1/" + "a" * 32, "private network"),
        ("zulip://desk@10.0.0.5/" + "a" * 32, "private network"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/?template=/etc/passwd", "“template”"),
        ("ntfy://topic?attach=http://127.0.0.1/", "“attach”"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?redirect=yes", "“redirect”"),
        ("gotifys://8.8.8.8/AbCdEfGhIjKlMnO?verify=no", "“verify”"),
        ("tgram://nothing-else", "does not understand"),
        ("ntfy://topic\n", "Write it like"),
        ("ntfy://" + "x" * 2000, "Write it like"),
    ],
)
def test_what_could_reach_inside_is_refused_in_words(url, words):
    with pytest.raises(Invalid) as refused:
        destinations.check(url, owner=False)
    assert words in refused.value.fields["url"]


def test_the_installations_owner_may_name_their_own_network():
    for url in ("json://127.0.0.1:9/hook", "gotify://192.168.1.4/AbCdEfGhIjKlMnO"):
        assert destinations.check(url, owner=True)


@settings(max_examples=150, deadline=None)
@given(url=st.text(max_size=60) | st.from_regex(r"[a-z]{3,6}://[\x20-\x7e]{0,40}", fullmatch=True))
def test_no_address_escapes_the_list(url):
    listed = {*destinations.SERVICES, *destinations.HOSTED}
    with suppress(Invalid):
        assert destinations.check(url, owner=False) in listed


def test_an_address_is_sealed_and_only_its_owner_can_touch_it(client):
    member, other = ada(), make.member()
    intake.add_destination(member.user, label="Phone", url="ntfy://a-long-secret-topic", schema="ntfy")
    place = Destination.objects.get()
    assert b"secret" not in bytes(place.url_sealed)
    assert reads.open_destination(place) == "ntfy://a-long-secret-topic"
    client.force_login(other.user)
    page = reverse("crew-place-remove", kwargs={"workspace": other.workspace.slug, "place": place.pk})
    assert client.post(page).status_code == 404
    assert Destination.objects.exists()


def test_the_same_address_twice_is_one_place_and_there_is_a_limit():
    user = ada().user
    for _ in range(2):
        intake.add_destination(user, label="Phone", url="ntfy://a", schema="ntfy")
    assert user.destinations.count() == 1
    for number in range(intake.DESTINATIONS_MOST - 1):
        intake.add_destination(user, label="Phone", url=f"ntfy://b{number}", schema="ntfy")
    with pytest.raises(Conflict):
        intake.add_destination(user, label="Phone", url="ntfy://one-more", schema="ntfy")


def test_a_push_goes_where_it_should(fake_hook):
    member = ada(owns_installation=True)
    url = f"json://127.0.0.1:{fake_hook.port}/hook"
    place = intake.add_destination(member.user, label="Hook", url=url, schema="json")
    assert notify.deliver(str(told(member, urgent=True).messages.get(destination=place).pk)) == Message.SENT
    assert "Your post was approved." in fake_hook.bodies[0]
    place.refresh_from_db()
    assert place.last_ok_at
    fake_hook.status = 500
    assert notify.deliver(str(told(member, urgent=True).messages.get().pk)) == Message.WAITING
    assert "Hook did not take the message" in Message.objects.get(state=Message.WAITING).problem


def test_a_push_too_long_for_one_message_comes_in_several_and_whole(fake_hook):
    member = ada(owns_installation=True)
    url = f"json://127.0.0.1:{fake_hook.port}/hook"
    place = intake.add_destination(member.user, label="Hook", url=url, schema="json")
    words = " ".join(f"word-{number}" for number in range(5_000))
    notify.push(place, "Hello", words)
    assert len(fake_hook.bodies) > 1
    assert all(f"word-{number}" in "".join(fake_hook.bodies) for number in (0, 2_500, 4_999))


def test_a_push_follows_no_redirect(fake_hook):
    member = ada(owns_installation=True)
    url = f"json://127.0.0.1:{fake_hook.port}/hook"
    place = intake.add_destination(member.user, label="Hook", url=url, schema="json")
    fake_hook.status = 302
    with pytest.raises(notify.NotDelivered):
        notify.push(place, "Hello", "text")
    assert fake_hook.paths == ["/hook"]


def test_a_right_that_was_taken_away_stops_the_push(fake_hook):
    member = ada(owns_installation=True)
    url = f"json://127.0.0.1:{fake_hook.port}/hook"
    place = intake.add_destination(member.user, label="Hook", url=url, schema="json")
    place.user.owns_installation = False
    with pytest.raises(notify.NotDelivered, match="owns the installation"):
        notify.push(place, "Hello", "text")
    assert not fake_hook.paths


@pytest.fixture
def fake_hook():
    from quarterdeck.crew.tests.fake_servers import FakeHook

    with FakeHook().running() as hook:
        yield hook


@pytest.mark.parametrize("url", ["matrix://bo:pw@8.8.8.8/room", "matrixs://bo:pw@8.8.8.8/room?to=other"])
def test_a_matrix_server_cannot_send_us_elsewhere(url):
    made = destinations._understood(destinations.as_sent(url))
    assert made.discovery is False
    assert destinations._understood(url).discovery is not False  # what it is by itself
    assert destinations.as_sent("ntfy://topic") == "ntfy://topic"
