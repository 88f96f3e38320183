"""What the tests of exchange start from: a workspace of two with two channels, and files brought into it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.channels.models import Channel
from quarterdeck.crew.models import Brand, Member
from quarterdeck.exchange import asking, importing, reading, verbs
from quarterdeck.exchange.asking import Answers
from quarterdeck.exchange.models import Import, Row
from quarterdeck.publishing.models import Post
from tests import make

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
DATA = Path(__file__).parent / "data"


@dataclass
class World:
    lead: Member
    author: Member
    brand: Brand
    harbour: Channel  # a Sandbox
    pier: Channel  # Instagram, by hand

    def bring(
        self, rows: Sequence[Sequence[str]] | bytes, *, by: Member | None = None, name: str = "posts.csv"
    ) -> Import:
        data = rows if isinstance(rows, bytes) else as_csv(rows)
        sheet = reading.read(data, name)
        digest = hashlib.sha256(data).hexdigest()
        return verbs.receive(by or self.author, name=name, sha256=digest, sheet=sheet)

    def answers(self, found: Import, **said) -> Answers:
        question = asking.question(found)
        told = {
            "header": question.header,
            "meanings": question.meanings,
            "order": "dmy",
            "zone": found.workspace.timezone,
            "times": "plan",
            "brand": str(self.brand.pk),
            "shape": question.shape,
        }
        return Answers(**{**told, **said})

    def begun(self, rows, *, by: Member | None = None, name: str = "posts.csv", **said) -> Import:
        found = self.bring(rows, by=by, name=name)
        signature = asking.question(found).signature
        verbs.begin(found, by=by or self.author, answers=self.answers(found, **said), signature=signature)
        return found

    def imported(self, rows, **more) -> Import:
        found = self.begun(rows, **more)
        importing.run(found.pk)
        found.refresh_from_db()
        return found


def two(zone: str = "Europe/Berlin") -> World:
    workspace = make.workspace(timezone=zone)
    lead, author = make.member("lead", workspace, "Bea"), make.member("author", workspace, "Ada")
    brand = workspace.brands.get()
    harbour = channels.connect_sandbox(lead, brand=brand)
    pier = connect_by_hand(lead, brand=brand, network="instagram", name="Pier")
    return World(lead, author, brand, harbour, pier)


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def rows_of(found: Import, state: str | None = None) -> list[Row]:
    rows = found.rows.order_by("number")
    return list(rows.filter(state=state) if state else rows)


def reasons(found: Import) -> dict[int, str]:
    """The words of each row that waits to be fixed."""
    return {row.number: " ".join(r["words"] for r in row.reasons) for row in rows_of(found, "fix")}


def posts_of(found: Import) -> list[Post]:
    made = {row.post: row.number for row in rows_of(found, "draft")}
    return sorted(Post.objects.filter(pk__in=made), key=lambda post: made[post.pk])
