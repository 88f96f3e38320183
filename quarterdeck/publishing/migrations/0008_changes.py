"""A post may answer another one, and a delivery knows that what stands there was changed or taken down."""

import django.db.models.deletion
from django.db import migrations, models

from quarterdeck.ledger.protect import Protect

_COLUMNS = [
    "post_id",
    "channel_id",
    "wall",
    "zone",
    "fold",
    "due_at",
    "latest_at",
    "state",
    "client_key",
    "part",
    "after_id",
    "text",
    "payload_hash",
    "remote_id",
    "url",
    "failure",
    "asked_at",
    "handed_to_id",
    "handed_at",
    "said_by_id",
    "opened_by",
    "closed_by",
]


class ProtectAgain(Protect):
    """The same table with more columns; the way back protects the former ones."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        Protect(self.table, _COLUMNS).database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_short_links")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="answers",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answered_by",
                to="publishing.post",
            ),
        ),
        migrations.AddField("post", "answers_part", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("delivery", "edited_at", models.DateTimeField(null=True)),
        migrations.AddField("delivery", "removed_at", models.DateTimeField(null=True)),
        ProtectAgain("publishing_delivery", columns=[*_COLUMNS, "edited_at", "removed_at"]),
    ]
