"""Reads the text of an HTML page: blocks as lines, lists with dashes, tables as rows."""

import re
from html import unescape

_BLOCKS = frozenset((
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "h1", "h2", "h3", "h4", "h5", "h6",
    "ul", "ol", "dl", "dt", "dd", "table", "tr", "thead", "tbody", "tfoot", "caption", "pre", "blockquote", "form",
    "fieldset", "hr", "address", "figure", "figcaption", "body", "html", "title", "li", "center", "legend",
))  # fmt: skip
_APART = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p", "table", "ul", "ol", "section"))
_DROPPED = frozenset(("script", "style", "head", "noscript", "template", "svg", "object", "iframe"))


_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]{0,20})")
_LONGEST_TAG = 20_000
_DEEPEST = 5


class _Page:
    """What a page says so far. The standard library's parser takes quadratic time over broken tags, so tags are found
    here: from "<" and a letter to the next ">"."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.lists: list[int] = []
        self.cells = 0
        self.pre = 0

    def read(self, text: str) -> None:
        at, size = 0, len(text)
        last_closing = text.rfind(">")
        last_comment = text.rfind("-->")
        while at < size:
            opening = text.find("<", at)
            if opening < 0 or opening > last_closing:
                self.words(text[at:])
                return
            self.words(text[at:opening])
            at = opening
            if text.startswith("<!--", at):
                at = text.index("-->", at) + 3 if at < last_comment else at + 4
                continue
            name = _NAME.match(text, at)
            end = text.find(">", at, at + _LONGEST_TAG) if name or text[at + 1 : at + 2] in ("!", "?") else -1
            if end < 0:
                self.words("<")
                at += 1
                continue
            at = end + 1
            if name:
                at = self._tag(text, name, at)

    def _tag(self, text: str, name: re.Match[str], at: int) -> int:
        """Takes up a tag that ends at `at`; gives where to read on."""
        tag = name[1].casefold()
        if name[0].startswith("</"):
            self._closes(tag)
        elif tag in _DROPPED:
            end = re.compile(f"</{tag}", re.IGNORECASE).search(text, at)
            return len(text) if end is None else end.start()
        else:
            self._opens(tag)
        return at

    def _opens(self, tag: str) -> None:
        if tag == "br":
            self.said.append("\n")
        elif tag in ("td", "th"):
            apart = "| " if self.said and self.said[-1].endswith(" ") else " | "
            self.said.append(apart if self.cells else "")
            self.cells += 1
        elif tag in _BLOCKS:
            self._block(tag)

    def _block(self, tag: str) -> None:
        if self.cells and tag != "tr":
            self.said.append(" ")
            return
        self._line("\n\n" if tag in _APART and not self.lists else "\n")
        if tag == "tr":
            self.cells = 0
        elif tag in ("ul", "ol"):
            self.lists.append(1 if tag == "ol" else 0)
        elif tag == "pre":
            self.pre += 1
        elif tag == "li":
            number = self.lists[-1] if self.lists else 0
            self.said.append("  " * min(_DEEPEST, max(0, len(self.lists) - 1)) + (f"{number}. " if number else "- "))
            if number:
                self.lists[-1] = number + 1

    def _line(self, end: str) -> None:
        """Begins a new line, where none has begun."""
        if end == "\n" and self.said and self.said[-1].endswith("\n"):
            return
        self.said.append(end)

    def _closes(self, tag: str) -> None:
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "pre":
            self.pre = max(0, self.pre - 1)
        elif tag in ("tr", "table"):
            self.cells = 0
        if tag in _BLOCKS:
            if self.cells:
                self.said.append(" ")
            else:
                self._line("\n\n" if tag in _APART and not self.lists else "\n")

    def words(self, raw: str) -> None:
        if not raw:
            return
        said = unescape(raw)
        if self.pre:
            self.said.append(said)
        elif said.strip():
            self.said.append(" " * said[0].isspace() + " ".join(said.split()) + " " * said[-1].isspace())
        elif not (self.said and self.said[-1].endswith("\n")):
            self.said.append(" ")


def html_text(text: str) -> str:
    """The text of a page; a broken one is read as far as it goes."""
    page = _Page()
    page.read(text)
    return lines(page.said)


def lines(said: list[str]) -> str:
    """Pieces put together: no blanks at the ends of lines, never two empty lines, list marks with their text."""
    kept: list[str] = []
    mark = ""
    for line in "".join(said).split("\n"):
        bare = line.strip()
        if bare in ("-", "") and mark:
            continue
        if bare == "-" or (bare[:-1].isdecimal() and bare.endswith(".") and len(bare) < 5):
            mark = line.rstrip() + " "
            continue
        if bare or (kept and kept[-1]):
            indent = (
                line[: len(line) - len(line.lstrip())] if bare.startswith(("-", "•")) or bare[:1].isdecimal() else ""
            )
            kept.append(mark + bare if mark else indent.replace("\t", " ") + bare)
        mark = ""
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept) + "\n" if kept else ""
