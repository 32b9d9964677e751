"""The texts of the pages as a catalog to translate from: src/superbill/app/web/locale/en/LC_MESSAGES/django.po.

    python -m tools.messages            whether the catalog has every text, and no other
    python -m tools.messages --write    write it anew

Texts are found by Django's own reading of templates and by Babel's of Python. Nothing outside is needed: no xgettext.
A translation to another language begins with a copy of the catalog in `locale/<language>/LC_MESSAGES/django.po` and
becomes one with `msgfmt`, or `django-admin compilemessages`.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
APP = ROOT / "src" / "superbill" / "app"
CATALOG = APP / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
HEADER = "# The texts of Superbill's pages. Written by python -m tools.messages --write; never by hand."


def catalog() -> str:
    """The catalog as it has to be."""
    found = Catalog(locale="en", header_comment=HEADER, project="superbill", fuzzy=False)
    for path, content in _sources():
        place = path.relative_to(ROOT / "src").as_posix()
        for _line, function, messages, _comments in extract_python(io.BytesIO(content), list(KEYWORDS), (), {}):
            _add(found, place, function, messages)
    out = io.BytesIO()
    write_po(out, found, width=120, sort_output=True, include_lineno=False, omit_header=True)
    head = f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    return f'{head}"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n{out.getvalue().decode()}'


def _sources() -> Iterator[tuple[Path, bytes]]:
    """Every template as Django would hand it to xgettext, every module that translates, with the encoding told."""
    for path in sorted(APP.rglob("*.html")):
        yield path, b"# -*- coding: utf-8 -*-\n" + templatize(path.read_text("utf-8"), origin=str(path)).encode()
    for path in sorted(APP.rglob("*.py")):
        content = path.read_bytes()
        if b"gettext" in content:
            yield path, content


def _add(found: Catalog, place: str, function: str, messages: object) -> None:
    """Put a message into the catalog under its keyword's rules; a call whose text is made up as it runs is none."""
    given = list(messages) if isinstance(messages, (tuple, list)) else [messages]
    rule = KEYWORDS[function] or (1,)
    context = next((given[one[0] - 1] for one in rule if isinstance(one, tuple)), None)
    texts = [given[one - 1] for one in rule if isinstance(one, int) and one <= len(given)]
    if all(isinstance(text, str) and text for text in texts):
        found.add(texts[0] if len(texts) == 1 else tuple(texts), locations=[(place, 1)], context=context)


def main(arguments: list[str]) -> int:
    """Compare, or with --write mend."""
    wanted = catalog()
    if "--write" in arguments:
        CATALOG.parent.mkdir(parents=True, exist_ok=True)
        CATALOG.write_text(wanted, "utf-8")
        return 0
    same = CATALOG.is_file() and CATALOG.read_text("utf-8") == wanted
    print("the catalog is complete" if same else "the catalog is not: python -m tools.messages --write")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
