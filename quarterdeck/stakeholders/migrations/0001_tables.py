"""The tables of this room, which change only together with a ledger event; of a request what was told stands beside, and
of a question to the team what came of its mail."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import quarterdeck.core.ids
from quarterdeck.core.tables import Tables
from quarterdeck.ledger.protect import Protect

REQUEST = [
    "department_id",
    "stakeholder_id",
    "sealed",
    "way",
    "door_id",
    "link_id",
    "token_sealed",
    "kind",
    "what",
    "why",
    "audience",
    "need",
    "preferred_week",
    "latest",
    "assets",
    "otherwise",
    "brand_id",
    "after_id",
    "state",
    "asked_at",
    "state_at",
    "due_at",
    "answered_at",
    "agreed_week",
]


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("stakeholders", "0001_initial"),
        ("stakeholders", "0002_protect"),
        ("stakeholders", "0003_consults"),
        ("stakeholders", "0004_protect_consults"),
    ]

    dependencies = [
        ("crew", "0002_guards"),
        ("ideas", "0001_tables"),
        ("ledger", "0001_tables"),
        ("publishing", "0001_tables"),
        ("review", "0001_tables"),
    ]

    operations = [
        Tables(
            [
                migrations.CreateModel(
                    name="Department",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="departments",
                                to="crew.workspace",
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("does", models.CharField(blank=True, max_length=300)),
                        ("mail_version", models.PositiveIntegerField(default=1)),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("workspace"),
                                django.db.models.functions.text.Lower("name"),
                                name="department_named_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Door",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="doors",
                                to="stakeholders.department",
                            ),
                        ),
                        (
                            "link",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        ("token_sealed", models.BinaryField()),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Stakeholder",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stakeholders",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stakeholders",
                                to="stakeholders.department",
                            ),
                        ),
                        ("sealed", models.BinaryField(null=True)),
                        ("address_hash", models.BinaryField(max_length=32, null=True)),
                        (
                            "heard",
                            models.CharField(
                                choices=[("mail", "By e-mail"), ("link", "By link only, no e-mail")],
                                default="mail",
                                max_length=4,
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[
                                    ("en", "English"),
                                    ("de", "Deutsch"),
                                    ("fr", "Français"),
                                    ("es", "Español"),
                                ],
                                default="en",
                                max_length=5,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("erased_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workspace", "department"], name="stakeholder_of_department")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("address_hash__isnull", False)),
                                fields=("workspace", "address_hash"),
                                name="stakeholder_by_address",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("erased_at__isnull", True), ("sealed__isnull", False)),
                                    models.Q(
                                        ("address_hash__isnull", True),
                                        ("erased_at__isnull", False),
                                        ("sealed__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="stakeholder_known_or_erased",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Interest",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="interests",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="interests",
                                to="stakeholders.department",
                            ),
                        ),
                        (
                            "stakeholder",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="interests",
                                to="stakeholders.stakeholder",
                            ),
                        ),
                        (
                            "about",
                            models.CharField(
                                choices=[("topic", "Topic"), ("brand", "Brand"), ("market", "Market")],
                                max_length=6,
                            ),
                        ),
                        ("words", models.CharField(blank=True, max_length=40)),
                        (
                            "brand",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.brand",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workspace", "about"], name="interest_about")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("department__isnull", False), ("stakeholder__isnull", True)),
                                    models.Q(("department__isnull", True), ("stakeholder__isnull", False)),
                                    _connector="OR",
                                ),
                                name="interest_of_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("about", "brand"), ("brand__isnull", False), ("words", "")),
                                    models.Q(
                                        ("about__in", ["topic", "market"]),
                                        ("brand__isnull", True),
                                        models.Q(("words", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="interest_in_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsultRule",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consult_rules",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consult_rules",
                                to="stakeholders.department",
                            ),
                        ),
                        (
                            "when",
                            models.CharField(
                                choices=[
                                    ("first", "Before the team is asked to approve it"),
                                    ("out", "Before it goes out"),
                                ],
                                default="out",
                                max_length=5,
                            ),
                        ),
                        (
                            "brand",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.brand",
                            ),
                        ),
                        (
                            "label",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.label",
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=35)),
                        ("market", models.CharField(blank=True, max_length=2)),
                        ("networks", models.JSONField(blank=True, default=list)),
                        ("words", models.JSONField(blank=True, default=list)),
                        ("claims", models.BooleanField(default=False)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("retired_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workspace", "department"], name="consult_rule_of")],
                    },
                ),
                migrations.CreateModel(
                    name="Consult",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consults",
                                to="publishing.post",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stakeholders.department",
                            ),
                        ),
                        (
                            "stakeholder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stakeholders.stakeholder",
                            ),
                        ),
                        (
                            "guest",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consult",
                                to="review.guest",
                            ),
                        ),
                        ("token_sealed", models.BinaryField()),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("post", "stakeholder", "department"), name="consult_once_a_post"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsultAsk",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "consult",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="asks",
                                to="stakeholders.consult",
                            ),
                        ),
                        ("text_hash", models.CharField(max_length=64)),
                        ("why", models.CharField(max_length=300)),
                        ("asked_at", models.DateTimeField()),
                        ("mailed_at", models.DateTimeField(null=True)),
                        ("mail_problem", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("consult", "text_hash"), name="consult_asked_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Waiver",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.post",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stakeholders.department",
                            ),
                        ),
                        ("text_hash", models.CharField(max_length=64)),
                        ("reason", models.CharField(max_length=500)),
                        (
                            "waived_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("waived_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("post", "department", "text_hash"), name="waived_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DigestPlan",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "workspace",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="digest_plan",
                                serialize=False,
                                to="crew.workspace",
                            ),
                        ),
                        ("on", models.BooleanField(default=False)),
                        ("hour", models.PositiveSmallIntegerField(default=8)),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("set_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Reader",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "stakeholder",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reader",
                                to="stakeholders.stakeholder",
                            ),
                        ),
                        ("zone", models.CharField(blank=True, max_length=64)),
                        (
                            "link",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        ("token_sealed", models.BinaryField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Digest",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "stakeholder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="digests",
                                to="stakeholders.stakeholder",
                            ),
                        ),
                        ("week", models.DateField()),
                        ("lines", models.PositiveSmallIntegerField()),
                        ("made_at", models.DateTimeField()),
                        ("mailed_at", models.DateTimeField(null=True)),
                        ("mail_problem", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("stakeholder", "week"), name="digest_once_a_week")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Window",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="windows",
                                to="stakeholders.department",
                            ),
                        ),
                        (
                            "link",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        ("token_sealed", models.BinaryField()),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ExpertQuestion",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="stakeholders.department",
                            ),
                        ),
                        ("words", models.CharField(max_length=500)),
                        ("sealed", models.BinaryField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waits", "Waits for an answer"),
                                    ("answered", "Answered"),
                                    ("aside", "Put aside"),
                                ],
                                default="waits",
                                max_length=8,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("state_at", models.DateTimeField()),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("mail_problem", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["workspace", "state", "-asked_at"], name="expert_question_by_state"
                            ),
                            models.Index(fields=["department", "-asked_at"], name="expert_question_of"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExpertAnswer",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="stakeholders.expertquestion",
                            ),
                        ),
                        ("text", models.TextField(max_length=4000)),
                        ("sources", models.JSONField(blank=True, default=list)),
                        ("from_experience", models.BooleanField(default=False)),
                        ("expires_on", models.DateField()),
                        (
                            "answered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("answered_at", models.DateTimeField()),
                        ("replaced_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_at__isnull", True)),
                                fields=("question",),
                                name="expert_answer_stands_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("from_experience", True),
                                    models.Q(("sources", []), _negated=True),
                                    _connector="OR",
                                ),
                                name="expert_answer_has_a_source",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Request",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="requests",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="stakeholders.department",
                            ),
                        ),
                        (
                            "stakeholder",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="stakeholders.stakeholder",
                            ),
                        ),
                        ("sealed", models.BinaryField(null=True)),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("link", "by the department’s link"),
                                    ("mail", "by mail"),
                                    ("team", "written down by the team"),
                                ],
                                default="link",
                                max_length=4,
                            ),
                        ),
                        (
                            "door",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        (
                            "link",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.signedlink",
                            ),
                        ),
                        ("token_sealed", models.BinaryField(null=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("launch", "A launch or a product"),
                                    ("event", "An event"),
                                    ("news", "News or an announcement"),
                                    ("offer", "An offer or a sale"),
                                    ("people", "Jobs and people"),
                                    ("story", "A story or an explanation"),
                                    ("other", "Something else"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("what", models.CharField(max_length=200)),
                        ("why", models.TextField(blank=True, max_length=2000)),
                        ("audience", models.CharField(blank=True, max_length=300)),
                        (
                            "need",
                            models.CharField(
                                choices=[
                                    ("must", "It must happen"),
                                    ("good", "It would be good"),
                                    ("free", "Only if there is room"),
                                ],
                                default="good",
                                max_length=4,
                            ),
                        ),
                        ("preferred_week", models.DateField(null=True)),
                        ("latest", models.DateField(null=True)),
                        ("assets", models.TextField(blank=True, max_length=2000)),
                        ("otherwise", models.TextField(blank=True, max_length=1000)),
                        (
                            "brand",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.brand",
                            ),
                        ),
                        (
                            "after",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="followed_by",
                                to="stakeholders.request",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "waits for an answer"),
                                    ("proposed", "a proposal waits for the requester"),
                                    ("accepted", "accepted"),
                                    ("declined", "declined"),
                                    ("withdrawn", "withdrawn"),
                                    ("out", "out"),
                                ],
                                default="asked",
                                max_length=9,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("state_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("agreed_week", models.DateField(null=True)),
                        ("told_out_at", models.DateTimeField(null=True)),
                        ("told_week_at", models.DateTimeField(null=True)),
                        ("mail_problem", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workspace", "state", "due_at"], name="request_by_state"),
                            models.Index(fields=["department", "-asked_at"], name="request_of_department"),
                            models.Index(fields=["door", "-asked_at"], name="request_by_door"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("preferred_week__isnull", True),
                                        ("preferred_week__iso_week_day", 1),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("agreed_week__isnull", True),
                                        ("agreed_week__iso_week_day", 1),
                                        _connector="OR",
                                    ),
                                ),
                                name="request_week_is_monday",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequestAnswer",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="stakeholders.request",
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("accepted", "Accepted"),
                                    ("proposed", "Another way proposed"),
                                    ("declined", "Declined"),
                                    ("agreed", "The proposal was agreed to"),
                                    ("other week", "Another week was asked for"),
                                    ("withdrawn", "Withdrawn"),
                                    ("added", "Something was added"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("of_team", models.BooleanField()),
                        ("reason", models.TextField(blank=True, max_length=1000)),
                        ("week", models.DateField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="crew.member",
                            ),
                        ),
                        ("answered_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["request", "answered_at"], name="answer_to_request")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequestPost",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="posts",
                                to="stakeholders.request",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="publishing.post",
                            ),
                        ),
                        ("joined_at", models.DateTimeField()),
                        ("parted_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("parted_at__isnull", True)),
                                fields=("request", "post"),
                                name="request_post_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequestIdea",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ideas",
                                to="stakeholders.request",
                            ),
                        ),
                        (
                            "idea",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ideas.idea"
                            ),
                        ),
                        ("joined_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AnswerTime",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workspace",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="crew.workspace",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("launch", "A launch or a product"),
                                    ("event", "An event"),
                                    ("news", "News or an announcement"),
                                    ("offer", "An offer or a sale"),
                                    ("people", "Jobs and people"),
                                    ("story", "A story or an explanation"),
                                    ("other", "Something else"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("hours", models.PositiveSmallIntegerField()),
                        ("set_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("workspace", "kind"), name="answer_time_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        ("ledger_event_id", models.UUIDField()),
                        (
                            "id",
                            models.UUIDField(
                                default=quarterdeck.core.ids.new,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "stakeholder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="stakeholders.stakeholder",
                            ),
                        ),
                        ("about", models.CharField(max_length=60)),
                        ("about_id", models.UUIDField()),
                        ("asked_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["stakeholder", "-asked_at"], name="question_to_stakeholder")
                        ],
                    },
                ),
            ]
        ),
        Protect("stakeholders_department"),
        Protect("stakeholders_door"),
        Protect("stakeholders_stakeholder"),
        Protect("stakeholders_interest"),
        Protect("stakeholders_request", columns=REQUEST),
        Protect("stakeholders_requestanswer"),
        Protect("stakeholders_requestpost"),
        Protect("stakeholders_requestidea"),
        Protect("stakeholders_answertime"),
        Protect("stakeholders_question"),
        Protect("stakeholders_consultrule"),
        Protect("stakeholders_consult"),
        Protect("stakeholders_consultask", columns=["consult_id", "text_hash", "why", "asked_at"]),
        Protect("stakeholders_waiver"),
        Protect("stakeholders_digestplan", pk="workspace_id"),
        Protect("stakeholders_reader"),
        Protect("stakeholders_digest", columns=["stakeholder_id", "week", "lines", "made_at"]),
        Protect("stakeholders_window"),
        Protect(
            "stakeholders_expertquestion",
            columns=["department_id", "words", "sealed", "state", "asked_at", "state_at", "reason"],
        ),
        Protect("stakeholders_expertanswer"),
    ]
