import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Personal tokens, features of municipalities, and the revision of the register."""

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="RegisterRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="MunicipalityFeature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("key", models.SlugField(max_length=40, verbose_name="feature")),
                ("number", models.FloatField(blank=True, null=True)),
                ("word", models.CharField(blank=True, max_length=80)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="features",
                        to="people.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["municipality", "year", "key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "year", "key"), name="one_feature_per_municipality_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__isnull", True), ("word", ""), _connector="XOR"),
                        name="feature_is_a_number_or_a_word",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="what it is for")),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "read only"), ("write", "read and write")],
                        default="read",
                        max_length=5,
                        verbose_name="what it may do",
                    ),
                ),
                ("start", models.CharField(help_text="the first characters, to recognise it by", max_length=12)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "personal token",
                "verbose_name_plural": "personal tokens",
                "ordering": ["-created_at"],
                "indexes": [models.Index(fields=["user", "revoked_at"], name="token_of_user")],
            },
        ),
    ]
