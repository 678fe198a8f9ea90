"""Texts are gathered from code and templates, merged, compiled and checked without gettext's own tools."""

import gettext

import pytest

from kringsite import catalogues
from kringsite.catalogues import Found, faults, merge, texts_of_template

PAGE = """{% extends "base.html" %}
{% block title %}{% translate "Good practices" %}{% endblock %}
<c-card title="{% translate "Next meeting" %}" href="/">
  {% blocktranslate trimmed with n=count %}
    One text
    over two lines, {{ n }}.
  {% endblocktranslate %}
  {% blocktranslate count n=members|length %}{{ n }} member{% plural %}{{ n }} members{% endblocktranslate %}
  {% translate "May" context "month" %}
  {% include "x.html" with label=_("Label of a tag") %}
  {{ value|default:_("nothing yet") }}
  {# translate "not this" #}
</c-card>
"""


def test_a_template_gives_all_its_texts_with_their_lines():
    assert [(one.line, one.text, one.context) for one in texts_of_template(PAGE, "page.html")] == [
        (2, "Good practices", None),
        (3, "Next meeting", None),
        (4, "One text over two lines, %(n)s.", None),
        (8, ("%(n)s member", "%(n)s members"), None),
        (9, "May", "month"),
        (10, "Label of a tag", None),
        (11, "nothing yet", None),
    ]


@pytest.fixture
def locale(tmp_path, monkeypatch):
    """A root of its own with one page and one module."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    (tmp_path / "cms").mkdir()
    (tmp_path / "cms" / "words.py").write_text(
        'from django.utils.translation import gettext_lazy as _, ngettext\nA = _("A {name}")\n'
        'B = ngettext("%(n)s vote", "%(n)s votes", 2)\n'
    )
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "CODE", ("cms",))
    return tmp_path


DUTCH = """
msgid "Good practices"
msgstr "Goede praktijken"

msgid "Next meeting"
msgstr "Volgende bijeenkomst"

msgid "One text over two lines, %(n)s."
msgstr "Eén tekst over twee regels, %(n)s."

msgid "%(n)s member"
msgid_plural "%(n)s members"
msgstr[0] "%(n)s lid"
msgstr[1] "%(n)s leden"

msgctxt "month"
msgid "May"
msgstr "mei"

msgid "Label of a tag"
msgstr "Label"

msgid "nothing yet"
msgstr "nog niets"

msgid "A {name}"
msgstr "Een {name}"

msgid "%(n)s vote"
msgid_plural "%(n)s votes"
msgstr[0] "%(n)s stem"
msgstr[1] "%(n)s stemmen"
"""


def lines() -> list[str]:
    return faults("nl", catalogues.gather())


def test_every_missing_text_is_named_with_file_and_line(locale):
    catalogues.main([])
    found = lines()
    assert len(found) == 9
    assert "cms/words.py:2: missing in nl: 'A {name}'" in found
    assert "templates/page.html:8: missing in nl: '%(n)s member'" in found
    assert catalogues.main(["--check"]) == 1


def test_a_fragment_fills_in_everything_and_the_result_works(locale):
    (locale / "own.po").write_text(DUTCH)
    assert catalogues.main(["--merge", str(locale / "own.po")]) == 0
    assert lines() == []
    assert catalogues.main(["--check"]) == 0
    with (locale / "locale/nl/LC_MESSAGES/django.mo").open("rb") as compiled:
        dutch = gettext.GNUTranslations(compiled)
    assert dutch.gettext("Good practices") == "Goede praktijken"
    assert dutch.ngettext("%(n)s vote", "%(n)s votes", 2) == "%(n)s stemmen"
    assert dutch.pgettext("month", "May") == "mei"


def test_gathering_again_changes_nothing(locale):
    (locale / "own.po").write_text(DUTCH)
    catalogues.main(["--merge", str(locale / "own.po")])
    file = locale / "locale/nl/LC_MESSAGES/django.po"
    before = file.read_text()
    catalogues.main([])
    assert file.read_text() == before


def test_fuzzy_obsolete_and_odd_translations_are_named(locale):
    (locale / "own.po").write_text(DUTCH)
    catalogues.main(["--merge", str(locale / "own.po")])
    file = locale / "locale/nl/LC_MESSAGES/django.po"
    text = file.read_text().replace('msgid "Label of a tag"', '#, fuzzy\nmsgid "Label of a tag"')
    text = text.replace("Een {name}", "Een {naam}") + '\nmsgid "Gone"\nmsgstr "Weg"\n'
    file.write_text(text)
    assert lines() == [
        "cms/words.py:2: other placeholders in nl ({naam}, {name}): 'A {name}'",
        "templates/page.html:10: fuzzy in nl: 'Label of a tag'",
        "locale/nl/LC_MESSAGES/django.po: obsolete: 'Gone'",
    ]
    catalogues.main([])
    assert "Gone" not in file.read_text()


def test_a_fragment_that_nobody_asks_for_is_said(locale):
    catalogues.main([])
    (locale / "own.po").write_text('msgid "Never heard of"\nmsgstr "Nooit van gehoord"\n')
    catalogue = catalogues.read(catalogues.path_of("nl"), "nl")
    assert merge(catalogue, locale / "own.po") == ["own.po: nobody asks for 'Never heard of'"]


def test_found_is_plain_data():
    assert Found("a.py", 1, "x", None) == Found("a.py", 1, "x", None)
