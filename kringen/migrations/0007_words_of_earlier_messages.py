from django.db import migrations


def fill(apps, schema_editor):
    """Let what was said before rooms could be searched be found as well."""
    from kringen.conversation.room_search import stems_of

    Message = apps.get_model("kringen", "Message")
    ids = list(Message.objects.filter(stems="").exclude(body="").values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        batch = list(Message.objects.filter(pk__in=ids[start : start + 500]).only("pk", "body"))
        for message in batch:
            message.stems = stems_of(message.body)
        Message.objects.bulk_update(batch, ["stems"])


class Migration(migrations.Migration):
    dependencies = [("kringen", "0006_progress")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
