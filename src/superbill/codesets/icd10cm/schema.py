"""The tables of ICD-10-CM releases. Two systems: the codes (`icd10cm`) and the Tabular List's notes
(`icd10cm-tabular`), because they are published, and change, apart from each other."""

from superbill.codesets.sqlite_file import Table

LAYOUT = 1  # counts up with every change of how the Tabular List is read, so that stores read it again
CODES = "icd10cm"
TABULAR = "icd10cm-tabular"

# code: without its dot. parent: the next shorter code of the list, '' for a category.
CODE = """CREATE TABLE code (
    code TEXT PRIMARY KEY, ord INTEGER NOT NULL, parent TEXT NOT NULL, billable INTEGER NOT NULL,
    short TEXT NOT NULL, title TEXT NOT NULL) WITHOUT ROWID"""

# id: "1" for a chapter, "A00-A09" for a block, else a code without its dot. kind: chapter | block | code.
NODE = """CREATE TABLE node (
    id TEXT PRIMARY KEY, ord INTEGER NOT NULL, parent TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL
    ) WITHOUT ROWID"""

# kind: one of NOTE_KINDS. id counts over the release, in the order of the book.
NOTE = "CREATE TABLE note (id INTEGER PRIMARY KEY, node TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL)"

# The codes that a note names: each from `first` to `last`, both without dots and as prefixes, `characters` a
# condition on the following characters ("" or as `targets.Target` has it).
TARGET = """CREATE TABLE target (
    note INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, characters TEXT NOT NULL)"""

# The seventh characters that a node gives to the codes under it.
EXTENSION = "CREATE TABLE extension (node TEXT NOT NULL, character TEXT NOT NULL, meaning TEXT NOT NULL)"

NOTE_INDEX = "CREATE INDEX note_node ON note (node)"
TARGET_INDEX = "CREATE INDEX target_note ON target (note)"
EXTENSION_INDEX = "CREATE INDEX extension_node ON extension (node)"
PARENT_INDEX = "CREATE INDEX code_parent ON code (parent)"
NODE_INDEX = "CREATE INDEX node_parent ON node (parent)"

INCLUDES, INCLUSION_TERM, NOTES = "includes", "inclusion_term", "note"
EXCLUDES1, EXCLUDES2 = "excludes1", "excludes2"
CODE_FIRST, USE_ADDITIONAL, CODE_ALSO, SEVENTH = "code_first", "use_additional", "code_also", "seventh_character"
NOTE_KINDS = (
    INCLUDES, INCLUSION_TERM, NOTES, EXCLUDES1, EXCLUDES2, CODE_FIRST, USE_ADDITIONAL, CODE_ALSO, SEVENTH
)  # fmt: skip


def code_table(rows: "list[tuple[str, int, str, int, str, str]]") -> Table:
    """The table of codes, from (code, order, parent, billable, short, title)."""
    return Table("code", CODE, rows)


def parents(codes: "list[str]") -> "dict[str, str]":
    """The next shorter code of the list for each code, "" for those that have none."""
    known = set(codes)
    found: dict[str, str] = {}
    for code in codes:
        shorter = (code[:length] for length in range(len(code) - 1, 2, -1))
        # A placeholder X fills a code that has no character there: S0100 above S0100XA.
        found[code] = next((parent for parent in shorter if parent in known), "")
    return found


def undotted(code: str) -> str:
    """The code without its dot, upper case, as releases keep it."""
    return code.strip().upper().replace(".", "")


def dotted(code: str) -> str:
    """The code as people write it: the dot after the third character."""
    return code if len(code) <= 3 else f"{code[:3]}.{code[3:]}"
