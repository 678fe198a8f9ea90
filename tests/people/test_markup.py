"""Markdown in, harmless HTML out."""

import pytest

from people import markup


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("**vet** en *schuin*", "<p><strong>vet</strong> en <em>schuin</em></p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("~~weg~~", "<p><s>weg</s></p>"),
        ("# Kop", "<h3>Kop</h3>"),
        ("###### Kop", "<h6>Kop</h6>"),
        ("- een\n- twee", "<ul>\n<li>een</li>\n<li>twee</li>\n</ul>"),
        ("klaar.nu", "<p>klaar.nu</p>"),
        (
            "https://vng.nl/a",
            '<p><a href="https://vng.nl/a" rel="noopener noreferrer nofollow ugc">https://vng.nl/a</a></p>',
        ),
    ],
)
def test_what_people_write_becomes(source, html):
    assert markup.render(source) == html


def test_a_table_says_what_its_heads_head():
    assert '<th scope="col">a</th>' in markup.render("|a|b|\n|-|-|\n|1|2|")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/pixel.png)",
        "<a href='javascript:alert(1)'>x</a>",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "`<svg/onload=alert(1)>`",
        '[x](https://a.example "\\" onclick=alert(1)")',
        "<style>body{display:none}</style>",
        "<!-- <script> -->",
    ],
)
def test_nothing_of_it_runs_or_calls_home(source):
    import re

    html = markup.render(source)
    tags = re.findall(r"<[^>]*>", html)
    assert not any(re.match(r"</?(script|img|svg|style|iframe|object)", tag, re.IGNORECASE) for tag in tags)
    assert not any(re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tag)) for tag in tags)
    for address in re.findall(r'href="([^"]*)"', html):
        assert address.startswith(("http://", "https://", "mailto:"))
