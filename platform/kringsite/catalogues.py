"""The texts of the site: gathered from code and templates, kept in `locale/`, compiled for gettext.

Babel does what Debian's gettext tools would do, so a new machine needs nothing but Python. Templates are turned into
gettext calls by Django itself (`templatize`), so what is gathered is exactly what the template tags look up.

    python -m kringsite.catalogues                       gather, keep the translations, compile
    python -m kringsite.catalogues --merge a.po b.po     the same, and take translations in
    python -m kringsite.catalogues --compile             only compile (what `make run` does)
    python -m kringsite.catalogues --check               name every missing, fuzzy, obsolete or odd translation
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CODE = ("platform", "kringen", "goodpractices", "benchmark", "cms")
TEMPLATES = ("templates",)
# English is what the code is written in: its catalogue holds only what should read differently there.
TRANSLATED = ("nl",)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
CALL = re.compile(r"\b(npgettext|pgettext|ngettext|gettext|_)\(")
LITERAL = re.compile(r"""\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,?""", re.DOTALL)
# Git knows when a text changed; a date in the file would make every gathering a change.
FIRST_DAY = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|\{\w*\}|%[sd]")

Text = str | tuple[str, str]


@dataclass(frozen=True)
class Found:
    """One text in a source file: where, what (singular, or singular and plural) and in which context."""

    file: str
    line: int
    text: Text
    context: str | None


def texts_of_code(file: Path) -> Iterator[Found]:
    """Yield the texts of a Python file."""
    name = file.relative_to(ROOT).as_posix()
    with file.open("rb") as source:
        for line, message, _comments, context in extract("python", source, keywords=KEYWORDS):
            text: Text = (message[0], message[1]) if isinstance(message, tuple) else message
            if text:
                yield Found(name, line, text, context)


def texts_of_template(source: str, name: str) -> Iterator[Found]:
    """Yield the texts of a template: translate, blocktranslate (plural, trimmed, context) and `_("…")` in tags."""
    plain = templatize(source, origin=name)
    for call in CALL.finditer(plain):
        words, at = [], call.end()
        while literal := LITERAL.match(plain, at):
            words.append(ast.literal_eval(literal[1]))
            at = literal.end()
        context = words.pop(0) if call[1] in {"pgettext", "npgettext"} and words else None
        if words and words[0]:
            text: Text = (words[0], words[1]) if "ngettext" in call[1] or call[1] == "npgettext" else words[0]
            yield Found(name, plain.count("\n", 0, call.start()) + 1, text, context)


def gather() -> list[Found]:
    """Return every text of the site in the order of its files."""
    found: list[Found] = []
    for folder in CODE:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in file.parts:
                found += texts_of_code(file)
    for folder in TEMPLATES:
        for file in sorted([*(ROOT / folder).rglob("*.html"), *(ROOT / folder).rglob("*.txt")]):
            found += texts_of_template(file.read_text(), file.relative_to(ROOT).as_posix())
    return found


def template_of(found: Sequence[Found]) -> Catalog:
    """Return a catalogue of texts without translations."""
    catalogue = Catalog(charset="utf-8")
    for one in found:
        flags = ["python-format"] if "%(" in str(one.text) else []
        catalogue.add(one.text, locations=[(one.file, one.line)], flags=flags, context=one.context)
    return catalogue


def path_of(locale: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"


def read(file: Path, locale: str) -> Catalog:
    """Return the catalogue in `file`; an empty one where there is no file."""
    if not file.exists():
        return Catalog(locale=locale, project="Kringen", charset="utf-8")
    with file.open("rb") as source:
        return read_po(source, locale=locale, charset="utf-8")


def write(catalogue: Catalog, file: Path) -> None:
    """Write a catalogue with file names but no line numbers, so that a moved line changes nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, catalogue, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)


def compile_all() -> list[Path]:
    """Make a `.mo` beside every `.po` and return them; a fuzzy translation stays out."""
    made = []
    for file in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        target = file.with_suffix(".mo")
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as output:
            write_mo(output, read(file, file.parts[-3]))
        fresh.replace(target)
        made.append(target)
    return made


def is_empty(message: Message) -> bool:
    """Return whether a message, or one of its plural forms, has no translation."""
    strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return not strings or not all(strings)


def merge(catalogue: Catalog, file: Path) -> list[str]:
    """Fill in translations from a fragment and return what did not fit: texts that the site does not have."""
    unknown = []
    with file.open("rb") as source:
        fragment = read_po(source, locale=catalogue.locale, charset="utf-8")
    for message in fragment:
        if not message.id or is_empty(message):
            continue
        own = catalogue.get(message.id if isinstance(message.id, str) else message.id[0], context=message.context)
        if own is None:
            unknown.append(f"{file.name}: nobody asks for {message.id!r}")
        elif isinstance(own.id, tuple) == isinstance(message.id, tuple):
            own.string = message.string
            own.flags.discard("fuzzy")
        else:
            unknown.append(f"{file.name}: singular and plural do not match for {message.id!r}")
    return unknown


def update(fragments: Sequence[Path]) -> list[str]:
    """Gather the texts, keep what is translated, take the fragments in and write it; what did not fit is returned."""
    template, notes = template_of(gather()), []
    for locale in TRANSLATED:
        catalogue = read(path_of(locale), locale)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        catalogue.header_comment = f"# The texts of Kringen in {catalogue.locale.english_name}."
        catalogue.project, catalogue.version = "Kringen", "1"
        catalogue.creation_date = catalogue.revision_date = FIRST_DAY
        catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "Kringen"
        catalogue.fuzzy = False
        for fragment in fragments:
            notes += merge(catalogue, fragment)
        write(catalogue, path_of(locale))
    return notes


def placeholders(text: Text) -> set[str]:
    """Return what must reappear in a translation: `%(name)s`, `{name}`, `%s`."""
    return set(PLACEHOLDER.findall(" ".join(text) if isinstance(text, tuple) else text))


def faults(locale: str, found: Sequence[Found]) -> list[str]:
    """Return a line for each text whose translation is missing, fuzzy, odd or no longer asked for."""
    catalogue, lines, asked = read(path_of(locale), locale), [], set()
    for one in found:
        singular = one.text if isinstance(one.text, str) else one.text[0]
        key = (singular, one.context)
        if key in asked:
            continue
        asked.add(key)
        where = f"{one.file}:{one.line}"
        message = catalogue.get(singular, context=one.context)
        if message is None or is_empty(message):
            lines.append(f"{where}: missing in {locale}: {singular!r}")
        elif message.fuzzy:
            lines.append(f"{where}: fuzzy in {locale}: {singular!r}")
        else:
            strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
            odd = set().union(*(placeholders(string or "") for string in strings)) ^ placeholders(one.text)
            if odd:
                lines.append(f"{where}: other placeholders in {locale} ({', '.join(sorted(odd))}): {singular!r}")
    for message in [*catalogue, *catalogue.obsolete.values()]:
        singular = message.id[0] if isinstance(message.id, tuple) else message.id
        if singular and (singular, message.context) not in asked:
            lines.append(f"{path_of(locale).relative_to(ROOT)}: obsolete: {singular!r}")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; the exit code is 1 where `--check` finds something."""
    parser = argparse.ArgumentParser(prog="catalogues", description="Gather, check and compile the texts of the site.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="change nothing; name what is missing, fuzzy or obsolete")
    choice.add_argument("--compile", action="store_true", help="only compile")
    choice.add_argument("--merge", nargs="+", type=Path, default=[], metavar="PO", help="take these translations in")
    options = parser.parse_args(arguments)
    if options.check:
        found = gather()
        lines = [line for locale in TRANSLATED for line in faults(locale, found)]
        print("\n".join([*lines, f"{len(found)} texts, {len(lines)} to mend"]))  # noqa: T201 - this is a command
        return 1 if lines else 0
    if not options.compile:
        for note in update(options.merge):
            print(note)  # noqa: T201 - this is a command
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
