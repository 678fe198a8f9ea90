"""What an editor can put in a text. What a block shows is asked for when the page is read, with a visitor's eyes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from benchmark.models import Area, Indicator
from goodpractices.models import GoodPractice

RICH_TEXT = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]


def public_practice(slug: str) -> GoodPractice | None:
    """Return the practice, if everybody may read it at this moment."""
    practices = GoodPractice.objects.published_to(AnonymousUser()).select_related("municipality")
    return practices.filter(slug=slug).first()


def indicators_by_area() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return all indicators as choices, grouped by area."""
    grouped: dict[int, list[tuple[str, str]]] = {}
    for area, code, name, unit in Indicator.objects.values_list("area_id", "code", "name", "unit"):
        grouped.setdefault(area, []).append((code, f"{name} ({unit})"))
    return [(area.name, grouped[area.pk]) for area in Area.objects.filter(pk__in=grouped)]


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, with name and function."""

    text = blocks.TextBlock(label=_("Quote"), max_length=400)
    name = blocks.CharBlock(label=_("Who says it"), max_length=80)
    job = blocks.CharBlock(label=_("Function"), max_length=120, required=False)

    class Meta:
        template = "blocks/quote.html"
        icon = "openquote"
        label = _("Quote")


class KeyFigureBlock(blocks.StructBlock):
    """One number with everything a reader needs to read it."""

    value = blocks.CharBlock(label=_("Figure"), max_length=20, help_text=_("With a decimal comma."))
    unit = blocks.CharBlock(label=_("Unit"), max_length=30, required=False)
    label = blocks.CharBlock(label=_("What it counts"), max_length=160)
    year = blocks.IntegerBlock(label=_("Year"), min_value=1990, max_value=2100)
    source = blocks.CharBlock(label=_("Source"), max_length=160)

    class Meta:
        template = "blocks/key_figure.html"
        icon = "order"
        label = _("Key figure")


class ChartBlock(blocks.StructBlock):
    """The public chart of an indicator: the average of all municipalities, never one municipality's figures."""

    indicator = blocks.ChoiceBlock(label=_("Indicator"), choices=indicators_by_area)
    note = blocks.CharBlock(label=_("Why it is here"), max_length=240, required=False)

    class Meta:
        template = "blocks/chart.html"
        icon = "decimal"
        label = _("Chart")

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the indicator; a deleted one shows nothing."""
        context = super().get_context(value, parent_context)
        context["indicator"] = Indicator.objects.filter(code=value["indicator"]).select_related("area").first()
        return context


class PracticeSlugBlock(blocks.CharBlock):
    """The address of a practice that everybody may read."""

    def clean(self, value: str) -> str:
        """Accept the whole address or its last part; refuse what the public could not open."""
        slug = super().clean(value).rstrip("/").rsplit("/", 1)[-1]
        if not public_practice(slug):
            raise ValidationError(
                _("There is no published practice “%(slug)s” that everybody may read. Copy the address of its page."),
                params={"slug": slug},
            )
        return slug


class PracticeBlock(blocks.StructBlock):
    """A good practice; it disappears from the page when it is no longer public."""

    practice = PracticeSlugBlock(label=_("Address of the practice"), max_length=200)

    class Meta:
        template = "blocks/practice.html"
        icon = "pick"
        label = _("Good practice")

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the practice as the public may see it now, or nothing."""
        context = super().get_context(value, parent_context)
        context["practice"] = public_practice(value["practice"])
        return context


class PictureBlock(blocks.StructBlock):
    """An image, with words for who cannot see it."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("What can be seen"), max_length=200, help_text=_("For readers who cannot see the image.")
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        template = "blocks/picture.html"
        icon = "image"
        label = _("Image")


class CardBlock(blocks.StructBlock):
    """A short text that leads to one place."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), max_length=300)
    link = blocks.CharBlock(
        label=_("Address on this site"), max_length=200, required=False, help_text=_("For example: /praktijken/")
    )

    def clean(self, value: Any) -> Any:
        """Refuse an address outside the site."""
        cleaned = super().clean(value)
        link = cleaned.get("link") or ""
        if link and (not link.startswith("/") or link.startswith("//")):
            raise blocks.StructBlockValidationError(
                block_errors={"link": ValidationError(_("Give an address on this site; it begins with one slash."))}
            )
        return cleaned


class BodyBlock(blocks.StreamBlock):
    """All blocks, for every kind of page."""

    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT, template="blocks/text.html")
    quote = QuoteBlock()
    key_figures = blocks.ListBlock(
        KeyFigureBlock(), label=_("Key figures"), icon="order", template="blocks/key_figures.html", max_num=4
    )
    chart = ChartBlock()
    practice = PracticeBlock()
    picture = PictureBlock()
    cards = blocks.ListBlock(CardBlock(), label=_("Cards"), icon="grip", template="blocks/cards.html", max_num=6)
