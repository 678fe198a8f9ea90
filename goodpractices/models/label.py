"""What makes a heap of tags a vocabulary: other words for the same tag, old addresses, and what fits an area."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from benchmark.models import Area


class TagSynonym(models.Model):
    """Another word that means a tag; whoever types it gets the tag."""

    key = models.CharField(max_length=80, unique=True, help_text="people.names.key(name)")
    name = models.CharField(_("other word"), max_length=40)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="synonyms")

    class Meta:
        ordering = ["name"]
        verbose_name = _("synonym of a tag")
        verbose_name_plural = _("synonyms of tags")

    def __str__(self) -> str:
        return self.name


class TagRedirect(models.Model):
    """The address of a tag that was merged into another."""

    slug = models.SlugField(max_length=100, unique=True, allow_unicode=True)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="redirects")

    def __str__(self) -> str:
        return self.slug


class AreaTag(models.Model):
    """A tag that the office put on the list of a performance area, so that authors choose before they invent."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="listed_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="listed_for")

    class Meta:
        ordering = ["area", "tag__name"]
        constraints = [models.UniqueConstraint(fields=["area", "tag"], name="tag_once_on_the_list_of_an_area")]

    def __str__(self) -> str:
        return f"{self.area_id}: {self.tag_id}"
