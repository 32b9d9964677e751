"""The tables of a search file. Lists of documents are arrays of unsigned 32-bit numbers in the machine's order: a
search file is made on the machine that asks it, and never travels."""

# Where a stem stands in a document, from the least telling place to the most.
ABOVE, ADDED, DENIED, INDEX, LEXICON, INCLUSION, TITLE = range(7)
FIELDS = ("above", "added", "denied", "idx", "lexicon", "inclusion", "title")

KINDS = ("title", "inclusion term", "lexicon", "index")
"""The kinds of phrases, by their number in a search file."""

# code: without dot. above: numbers of the documents above, nearest first. leads: the document that is meant when a
# heading is asked for. phrases: a line each, its kind (a place in KINDS), what its words
# cost, and its marked stems.
DOC = """CREATE TABLE doc (id INTEGER PRIMARY KEY, code TEXT NOT NULL, extension INTEGER NOT NULL,
    parent INTEGER NOT NULL, above TEXT NOT NULL, leads INTEGER NOT NULL, phrases TEXT NOT NULL)"""
PHRASE = "CREATE TABLE phrase (doc INTEGER NOT NULL, place INTEGER NOT NULL, text TEXT NOT NULL)"
EXTENSION = "CREATE TABLE extension (id INTEGER PRIMARY KEY, said TEXT NOT NULL)"
STEM = "CREATE TABLE stem (stem TEXT NOT NULL, idf REAL NOT NULL, " + ", ".join(f"{name} BLOB" for name in FIELDS) + ")"
# key: stems of the term. means: marked stems; said: the same as written. leads: document:character, the most usual
# first.
TERM = """CREATE TABLE term (id INTEGER PRIMARY KEY, key TEXT NOT NULL, term TEXT NOT NULL, kind TEXT NOT NULL,
    means TEXT NOT NULL, said TEXT NOT NULL, leads TEXT NOT NULL)"""
WORD = "CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL, stem TEXT NOT NULL, frequency INTEGER NOT NULL)"
GRAM = "CREATE TABLE gram (gram TEXT PRIMARY KEY, words BLOB NOT NULL) WITHOUT ROWID"
TITLES = """CREATE TABLE title (hash INTEGER NOT NULL, heading INTEGER NOT NULL, code TEXT NOT NULL,
    PRIMARY KEY (hash, heading, code)) WITHOUT ROWID"""
AREA = "CREATE TABLE area (name TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID"
COMPOUND = "CREATE TABLE compound (joined TEXT PRIMARY KEY, parts TEXT NOT NULL) WITHOUT ROWID"
BYTES = "CREATE TABLE bytes (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID"

AFTER = (
    "CREATE UNIQUE INDEX doc_code ON doc (code)",
    "CREATE INDEX doc_parent ON doc (parent)",
    "CREATE UNIQUE INDEX phrase_doc ON phrase (doc, place)",
    "CREATE UNIQUE INDEX stem_stem ON stem (stem)",
    "CREATE INDEX term_key ON term (key)",
    "CREATE UNIQUE INDEX word_word ON word (word)",
)
