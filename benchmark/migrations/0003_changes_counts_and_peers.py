import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a revision changed, what may be added up, and peers that were found and frozen."""

    dependencies = [("benchmark", "0002_outlines_and_offers_to_talk")]

    operations = [
        migrations.AddField(
            model_name="comparisongroup",
            name="circle",
            field=models.ForeignKey(
                blank=True,
                help_text="the group of the kring for which these peers were frozen",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="frozen",
                to="benchmark.comparisongroup",
            ),
        ),
        migrations.AddField(
            model_name="comparisongroup",
            name="recipe",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="how the nearest were found: of whom, features, weights, year, reasons",
            ),
        ),
        migrations.AddField(
            model_name="comparisongroup",
            name="retired_at",
            field=models.DateTimeField(
                blank=True,
                help_text="no longer offered; its figures were seen, so later groups must differ enough",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="comparisongroup",
            name="kind",
            field=models.CharField(
                choices=[("kring", "own kring"), ("chosen", "chosen peers"), ("frozen", "peers of the kring")],
                default="chosen",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="adds_up",
            field=models.BooleanField(
                default=False,
                help_text="A count: the value of a merged municipality is the sum of those it was made of.",
                verbose_name="adds up",
            ),
        ),
        migrations.CreateModel(
            name="FiguresChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(unique=True)),
                (
                    "indicators",
                    models.JSONField(help_text="ids, when it is more than the rows of a batch", null=True),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="benchmark.importbatch",
                    ),
                ),
            ],
        ),
    ]
