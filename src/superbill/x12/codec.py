"""Segments from elements and back: one pair of functions for each class of the standard, generated once.

The hot path converts in place and builds the struct from the list of elements, which is why `raw` is its first field.
What the quick way can't read (a bad amount, more elements than the standard has) is read slowly, element by element.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Annotated, Any, NamedTuple, TypeAlias, get_args, get_origin, get_type_hints

from superbill.x12 import convert
from superbill.x12.standard.base import Composite, Segment

Decode: TypeAlias = Callable[[str, list[Any]], Segment]
Encode: TypeAlias = Callable[[Segment], str]
# What a memo holds: so many texts, none longer. A hostile file must not fill the memory.
_REMEMBERED = 1 << 14
_SHORT = 128


class Kind(NamedTuple):
    """How an element's text becomes a value and back; `parse` raises ValueError."""

    name: str
    parse: Callable[[str], Any]
    text: Callable[[Any], str]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("money", convert.money, convert.money_text),
        Kind("quantity", convert.quantity, convert.quantity_text),
        Kind("count", convert.count, str),
        Kind("day", convert.day, convert.day_text),
        Kind("when", convert.when, convert.when_text),
    )
}


class Memo(dict[str, Any]):
    """Texts already parsed. A batch repeats its dates, amounts and procedures thousands of times."""

    def __init__(self, parse: Callable[[str], Any], absent: Any = None) -> None:
        super().__init__()
        self.parse = parse
        self[""] = absent

    def __missing__(self, text: str) -> Any:
        value = self.parse(text)
        if len(self) < _REMEMBERED and len(text) < _SHORT:
            self[text] = value
        return value


class Field(NamedTuple):
    """One field of a segment or composite, from its annotation."""

    name: str
    kind: Kind | None
    composite: type[Composite] | None
    repeats: bool

    @property
    def plain(self) -> bool:
        return self.kind is None and self.composite is None and not self.repeats


def _field(name: str, annotation: Any) -> Field:
    if annotation is str:
        return Field(name, None, None, False)
    if get_origin(annotation) is Annotated:
        return Field(name, KINDS[annotation.__metadata__[0]], None, False)
    inner = get_args(annotation)
    if get_origin(annotation) is tuple:
        return _field(name, inner[0])._replace(repeats=True)
    for each in (annotation, *inner):
        if isinstance(each, type) and issubclass(each, Composite):
            return Field(name, None, each, False)
    raise TypeError(f"{name}: no element can have the type {annotation}")


@cache
def fields(cls: type[Segment] | type[Composite]) -> tuple[Field, ...]:
    """The fields of a class in element order, without `raw`."""
    hints = get_type_hints(cls, include_extras=True)
    return tuple(_field(name, hints[name]) for name in cls.__struct_fields__ if name != "raw")


class Marks:
    """The separators within elements, and what was parsed and written under them.

    `memos` has one for each type of field that is not plain text, `decoders` and `encoders` what was made of them.
    """

    __slots__ = ("component", "decoders", "encoders", "memos", "repetition")

    def __init__(self, component: str, repetition: str) -> None:
        self.component = component
        self.repetition = repetition
        self.memos: dict[tuple[Kind | None, type[Composite] | None, bool], Memo] = {}
        self.decoders: dict[type[Segment], Decode | None] = {}
        self.encoders: dict[tuple[type[Segment], str], Encode] = {}

    def memo(self, field: Field) -> Memo:
        """The memo for elements of a field's type."""
        key = field[1:]
        found = self.memos.get(key)
        if found is None:
            one = self._one(field)
            found = self.memos[key] = Memo(self._each(one), ()) if field.repeats else Memo(one)
        return found

    def _each(self, one: Callable[[str], Any]) -> Callable[[str], Any]:
        return lambda text: tuple(map(one, text.split(self.repetition) if self.repetition else (text,)))

    def _one(self, field: Field) -> Callable[[str], Any]:
        if field.composite is not None:
            return composite_reader(field.composite, self)
        return str if field.kind is None else field.kind.parse


@lru_cache(64)
def marks(component: str, repetition: str) -> Marks:
    """The Marks of a pair of separators; those in use stay the same one."""
    return Marks(component, repetition)


def composite_reader(cls: type[Composite], under: Marks) -> Callable[[str], Composite]:
    """A function from a composite's text; raises ValueError when it has more components than the standard."""
    inner = [(place, under.memo(field)) for place, field in enumerate(fields(cls)) if not field.plain]
    most = len(fields(cls))
    component = under.component

    def read(text: str) -> Composite:
        given: list[Any] = text.split(component)
        if len(given) > most:
            raise ValueError(f"{len(given)} components, the standard has {most}")
        for place, memo in inner:
            if place < len(given):
                given[place] = memo[given[place]]
        return cls(*given)

    return read


def function(lines: list[str], names: dict[str, Any]) -> Callable[..., Any]:
    """The function `made` of some lines of source."""
    exec("\n".join(lines), names)  # noqa: S102 -- our own tables, once; no input reaches this text
    made: Callable[..., Any] = names["made"]
    return made


@cache
def _decoding(cls: type[Segment]) -> tuple[Callable[..., Decode], list[Field]] | None:
    """A function from the memos of those fields to the decoder of a class; None where no field needs one."""
    lines = ["    def decode(raw, e):", "        e[0] = raw", "        n = len(e)"]
    needed: dict[str, Field] = {}
    indent = "        "
    for place, field in enumerate(fields(cls), 1):
        if not field.plain:
            needed[f"m{place}"] = field
            lines += [f"{indent}if n > {place}:", f"{indent}    e[{place}] = m{place}[e[{place}]]"]
            indent += "    "
    if not needed:
        return None
    head, tail = f"def made({', '.join(needed)}):", ["        return cls(*e)", "    return decode"]
    return function([head, *lines, *tail], {"cls": cls}), list(needed.values())


def decoder(cls: type[Segment], under: Marks) -> Decode | None:
    """A function (raw, elements) → segment under the given marks; None where the elements are the fields as they are.

    It raises ValueError or TypeError for what only `decode` can read.
    """
    if cls not in under.decoders:
        made = _decoding(cls)
        under.decoders[cls] = made and made[0](*map(under.memo, made[1]))
    return under.decoders[cls]


def decode(cls: type[Segment], raw: str, e: list[str], under: Marks) -> Segment:
    """A segment from its elements (e[0] its id). Never fails: what can't be read is absent, and `raw` still has it."""
    quick = decoder(cls, under)
    given: list[Any] = list(e)
    try:
        if quick is not None:
            return quick(raw, given)
        given[0] = raw
        made: Segment = cls(*given)
        return made
    except (ValueError, TypeError):
        return _slowly(cls, raw, e, under)


def _slowly(cls: type[Segment], raw: str, e: list[str], under: Marks) -> Segment:
    made: dict[str, Any] = {"raw": raw}
    for field, text in zip(fields(cls), e[1:], strict=False):
        try:
            if text:
                made[field.name] = text if field.plain else under.memo(field)[text]
        except ValueError:
            continue
    return cls(**made)


def unread(cls: type[Segment], e: list[str], under: Marks) -> list[tuple[int, str]]:
    """(element, why) of each that can't be read; what is more than the standard has is told by the first of them."""
    found = []
    for place, (field, text) in enumerate(zip(fields(cls), e[1:], strict=False), 1):
        try:
            if text and not field.plain:
                under.memo(field)[text]
        except ValueError as problem:
            found.append((place, f"{problem}"))
    if len(e) - 1 > len(fields(cls)):
        found.append((len(fields(cls)) + 1, f"{len(e) - 1} elements, the standard has {len(fields(cls))}"))
    return found


# --- to text --------------------------------------------------------------------------------------------------------


def _text_of(field: Field, under: Marks) -> Callable[[Any], str]:
    if field.composite is not None:
        one = composite_writer(field.composite, under)
    elif field.kind is not None:
        one = field.kind.text
    else:
        one = str
    if not field.repeats:
        return one
    repetition = under.repetition
    return lambda values: repetition.join(map(one, values))


def composite_writer(cls: type[Composite], under: Marks) -> Callable[[Any], str]:
    """A function from a composite to its text, without trailing separators."""
    parts = [(field.name, None if field.plain else _text_of(field, under)) for field in fields(cls)]
    component = under.component

    def write(value: Any) -> str:
        texts = []
        for name, text in parts:
            each = getattr(value, name)
            texts.append("" if each is None or each == "" else each if text is None else text(each))
        return component.join(texts).rstrip(component)

    return write


@cache
def _encoding(cls: type[Segment]) -> tuple[Callable[..., Encode], list[Field]]:
    """A function from a separator and the writers of those fields to the encoder of a class."""
    needed: dict[str, Field] = {}
    texts = []
    for place, field in enumerate(fields(cls), 1):
        if field.plain:
            texts.append(f"s.{field.name}")
            continue
        needed[f"t{place}"] = field
        absent = f"not s.{field.name}" if field.repeats else f"s.{field.name} is None"
        texts.append(f"'' if {absent} else t{place}(s.{field.name})")
    lines = [
        f"def made({', '.join(['separator', *needed])}):",
        "    def encode(s):",
        f"        return separator.join(({', '.join([repr(cls.__name__), *texts])},)).rstrip(separator)",
        "    return encode",
    ]
    return function(lines, {}), list(needed.values())


def encoder(cls: type[Segment], under: Marks, separator: str) -> Encode:
    """A function from a segment's fields to its text, without trailing separators and without regard to `raw`."""
    found = under.encoders.get((cls, separator))
    if found is None:
        make, needed = _encoding(cls)
        made = make(separator, *[_remembering(_text_of(field, under)) for field in needed])
        found = under.encoders[cls, separator] = made
    return found


def _remembering(text: Callable[[Any], str]) -> Callable[[Any], str]:
    known: dict[Any, str] = {}

    def made(value: Any) -> str:
        found = known.get(value)
        if found is None:
            found = text(value)
            if len(known) < _REMEMBERED and len(found) < _SHORT:
                known[value] = found
        return found

    return made
