"""A post can name the campaign, the objective and the pillar that it is for."""

import django.db.models.deletion
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.ledger.protect import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("crew", "0005_protect"),
        ("publishing", "0008_changes"),
        ("strategy", "0002_protect"),
    ]

    operations = [
        migrations.CreateModel(
            name="Purpose",
            fields=[
                ("ledger_event_id", models.UUIDField()),
                (
                    "id",
                    models.UUIDField(
                        default=quarterdeck.core.ids.new, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("campaign_after", models.BooleanField(default=False)),
                ("objective_after", models.BooleanField(default=False)),
                ("pillar_after", models.BooleanField(default=False)),
                ("named_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purposes",
                        to="strategy.campaign",
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purposes",
                        to="strategy.objective",
                    ),
                ),
                (
                    "pillar",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purposes",
                        to="strategy.pillar",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="purpose",
                        to="publishing.post",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="purposes",
                        to="crew.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["workspace", "campaign"], name="purpose_of_campaign"),
                    models.Index(fields=["workspace", "objective"], name="purpose_of_objective"),
                ],
            },
        ),
        Protect("publishing_purpose"),
    ]
