"""What the library says must not go out does not: not asked about, not planned, and stopped when it was planned."""

from __future__ import annotations

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.publishing import preparing, verbs
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.known import Known
from quarterdeck.publishing.tests import world
from quarterdeck.studio import intake as studio
from quarterdeck.studio.models import Scan
from quarterdeck.studio.tests import pictures

pytestmark = pytest.mark.django_db


def test_an_infected_picture_goes_nowhere():
    w = world.two()
    kept = studio.keep(w.author.workspace, pictures.png(), "soup.png")
    image = {"file": kept.pk.hex, "alt": "A bowl"}
    post = verbs.draft(w.author, brand=w.brand, text="Soup.", channels=[w.channel], images=[image])
    verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    verbs.publish_now(post, by=w.author)
    row = post.deliveries.get()
    Scan.objects.update_or_create(
        file=kept, defaults={"found": "Eicar-Signature", "seen_at": clock.now(), "asked_at": clock.now()}
    )

    outcome = preparing.prepare(Claimed(row.pk, row.attempt), row, Known())
    assert outcome.verbed == "rejected"
    assert "Eicar-Signature" in outcome.words
    with pytest.raises(Invalid, match="Eicar-Signature"):
        verbs.publish_now(post, by=w.author)
    another = verbs.draft(w.author, brand=w.brand, text="More soup.", channels=[w.channel], images=[image])
    with pytest.raises(Invalid, match="Eicar-Signature"):
        verbs.ask_approval(another, by=w.author)
