"""Reads the text of an RTF file (Rich Text Format 1.9): words, paragraphs, tables as rows, nothing of its look."""

import re

from msgspec import Struct

_TOKEN = re.compile(
    rb"\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|'(?P<hex>[0-9a-fA-F]{2})|(?P<sign>[^a-zA-Z]))"
    rb"|(?P<open>\{)|(?P<close>\})|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_LINES = {"par": "\n", "line": "\n", "page": "\n", "sect": "\n", "row": "\n", "nestrow": "\n", "softline": "\n"}
_SIGNS = {
    **_LINES, "tab": "\t", "cell": " | ", "nestcell": " | ", "emdash": "—", "endash": "–", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "~": "\xa0",
    "_": "-", "qmspace": " ", "\n": "\n", "\r": "\n",
}  # fmt: skip
_SKIPPED = frozenset((
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer",
    "footerl", "footerr", "footerf", "listtable", "listoverridetable", "rsidtbl", "generator", "themedata",
    "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "filetbl", "revtbl", "bkmkstart", "bkmkend",
    "fldinst", "shppict", "nonshppict", "pntext", "pnseclvl", "annotation", "atnid", "atnauthor", "mmathPr",
    "pgdsctbl", "userprops", "wgrffmtfilter", "private", "objdata", "blipuid", "picprop", "formfield", "ftnsep",
    "ftnsepc", "aftnsep", "aftnsepc", "docvar", "factoidname", "sp", "sv",
))  # fmt: skip
_KEPT = frozenset(("listtext", "fldrslt", "ud", "upr"))
_PAGES = {
    437: "cp437", 850: "cp850", 932: "cp932", 936: "cp936", 949: "cp949", 950: "cp950", 10000: "mac_roman",
    65001: "utf-8",
}  # fmt: skip
_MOST_OPEN = 10_000


class _Group(Struct):
    """What holds within braces: passed over or read, and how many characters stand in for one in Unicode."""

    skipped: bool = False
    instead: int = 1
    hidden: bool = False


class _Reader:
    """Walks through the tokens once."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.bytes = bytearray()
        self.page = "cp1252"
        self.groups = [_Group()]
        self.fresh = False
        self.starred = False
        self.due = 0

    def read(self, data: bytes) -> str:
        at = 0
        for match in _TOKEN.finditer(data):
            if match["word"]:
                if match.start() < at:
                    continue
                word = match["word"].decode("ascii")
                number = int(match["number"]) if match["number"] else None
                if word == "bin" and number:
                    at = match.end() + max(0, number)
                self._word(word, number)
            elif match.start() >= at:
                self._other(match)
        self._flush()
        return "".join(self.said)

    def _other(self, match: re.Match[bytes]) -> None:
        now = self.groups[-1]
        if match["open"]:
            self._flush()
            if len(self.groups) < _MOST_OPEN:
                self.groups.append(_Group(now.skipped, now.instead, now.hidden))
            self.fresh = True
            return
        if match["close"]:
            self._flush()
            if len(self.groups) > 1:
                self.groups.pop()
            self.due = 0
        elif match["hex"]:
            if not self._instead(1):
                self.bytes.append(int(match["hex"], 16))
        elif match["sign"]:
            self._sign(match["sign"])
            return
        elif match["text"]:
            words = match["text"][self._passed(len(match["text"])) :]
            if not self._quiet():
                self.bytes += words
        self.fresh = self.starred = False

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.starred = True
            return
        if sign in (b"\\", b"{", b"}"):
            if not self._instead(1):
                self.bytes += sign
        else:
            self._say(_SIGNS.get(sign.decode("latin-1"), ""))
        self.fresh = self.starred = False

    def _word(self, word: str, number: int | None) -> None:
        now = self.groups[-1]
        if (self.starred and word not in _KEPT) or (self.fresh and word in _SKIPPED):
            now.skipped = True
        self.fresh = self.starred = False
        if word == "u" and number is not None:
            self._flush()
            if not self._quiet():
                self.said.append(chr(number % 0x10000))
            self.due = now.instead
            return
        if word == "uc" and number is not None:
            now.instead = max(0, min(number, 100))
        elif word == "ansicpg" and number is not None:
            self.page = _PAGES.get(number, f"cp{number}" if 1250 <= number <= 1258 else "cp1252")
        elif word == "mac":
            self.page = "mac_roman"
        elif word == "v":
            now.hidden = number != 0
        elif word == "plain":
            now.hidden = False
        elif word in _SIGNS:
            self._say(_SIGNS[word])

    def _say(self, words: str) -> None:
        if words and not self._quiet():
            self._flush()
            self.said.append(words)

    def _quiet(self) -> bool:
        return self.groups[-1].skipped or self.groups[-1].hidden

    def _passed(self, most: int) -> int:
        """How many characters are passed over: those that stand in for the Unicode character just read."""
        passed = min(self.due, most)
        self.due -= passed
        return passed

    def _instead(self, most: int) -> bool:
        return self._passed(most) > 0 or self._quiet()

    def _flush(self) -> None:
        if self.bytes:
            self.said.append(bytes(self.bytes).decode(self.page, errors="replace"))
            self.bytes.clear()


def rtf_text(data: bytes) -> str:
    """The text of an RTF file; a broken one is read as far as it goes."""
    said = _Reader().read(data)
    paired = said.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")
    return "\n".join(line.removesuffix(" |").rstrip() for line in paired.split("\n")).strip("\n") + "\n"
