"""A post may have a size, and a delivery says why it was taken off the plan."""

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
    "edited_at",
    "removed_at",
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
    dependencies = [("publishing", "0009_purpose")]

    operations = [
        migrations.AddField(
            "post",
            "size",
            models.CharField(
                blank=True,
                choices=[("S", "S, about an hour"), ("M", "M, about a day"), ("L", "L, several days")],
                default="",
                max_length=1,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "delivery",
            "closed_why",
            models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        ProtectAgain("publishing_delivery", columns=[*_COLUMNS, "closed_why"]),
    ]
