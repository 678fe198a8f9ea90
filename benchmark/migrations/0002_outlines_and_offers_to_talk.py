import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("benchmark", "0001_initial"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Outline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="Of the boundaries in the file.", unique=True, verbose_name="year"
                    ),
                ),
                (
                    "source",
                    models.CharField(help_text="As it must be quoted.", max_length=200, verbose_name="source"),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "width",
                    models.PositiveIntegerField(help_text="of the plane in which the rings lie; x runs from 0 to it"),
                ),
                ("height", models.PositiveIntegerField(help_text="likewise; y runs downwards")),
                ("areas", models.JSONField(help_text="CBS code → list of rings → list of [x, y]")),
                ("count", models.PositiveIntegerField(verbose_name="municipalities")),
                ("points", models.PositiveIntegerField(verbose_name="points")),
                ("uploaded_at", models.DateTimeField(auto_now=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "outline file",
                "verbose_name_plural": "outline files",
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="TalkOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="talk_offers",
                        to="benchmark.indicator",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="talk_offers",
                        to="people.municipality",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="talk_offers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "offer to talk",
                "verbose_name_plural": "offers to talk",
                "ordering": ["made_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "municipality", "indicator"),
                        name="one_offer_per_person_and_indicator",
                    )
                ],
            },
        ),
    ]
