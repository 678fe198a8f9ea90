"""Find text that is called safe where nobody made it so (`|safe`, `mark_safe`, `csrf_exempt`).

Markup from people goes through one door: the module that renders their Markdown and cleans it.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("platform", "kringen", "goodpractices", "benchmark", "cms", "templates")
FORBIDDEN = re.compile(r"\|\s*safe\b|\bsafeseq\b|\bmark_safe\b|\bcsrf_exempt\b|\.extra\(")
AUTOESCAPE = re.compile(r"autoescape\s+off")
# Each of these says in its own lines why what it calls safe is safe.
DOORS = {
    "benchmark/charts/svg.py",  # every text went through escape
    "benchmark/charts/scene_svg.py",  # likewise
    "benchmark/forms/groups.py",  # a constant of its own
    "platform/people/markup.py",  # Markdown, cleaned by nh3
    "goodpractices/highlights.py",  # every piece is escaped before it is joined
    "templates/django/forms/field.html",  # help texts are ours (Django's own template does the same)
}


def main() -> None:
    """Name every line that says so outside the doors."""
    found = []
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            name = file.relative_to(ROOT).as_posix()
            if file.suffix not in {".py", ".html", ".txt"} or name in DOORS:
                continue
            for number, line in enumerate(file.read_text().splitlines(), start=1):
                # a mail in plain text has nothing to escape
                if FORBIDDEN.search(line) or (file.suffix == ".html" and AUTOESCAPE.search(line)):
                    found.append(f"{name}:{number}: {line.strip()}")
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
