"""Names as they are compared: without accents, hyphens and case, by their sound, by the short forms people use."""

import unicodedata
from functools import lru_cache

# Letters that have no accent to take off, and what English keyboards write for them.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"})
_APART = str.maketrans(dict.fromkeys('-‐‑–—,./;:_()"\t', " ") | dict.fromkeys("'’‘`´", None))

# Groups of given names that are one person's often enough; ours, from common English and Spanish use.
_SHORT_FORMS = """
abigail abby gail|albert al bert alberto beto|alexander alex al sandy alejandro sasha|alexandra alex sandra alejandra
alfred al fred alfredo|alice allie|andrew andy drew andres|angela angie|ann anne anna annie nan nancy hannah ana anita
anthony tony antonio toni|arthur art artie arturo|barbara barb babs barbie|benjamin ben benny benji|bernard bernie
brian bryan|bradley brad|caroline carol carrie|catherine katherine kathryn kate katie kathy cathy kay kitty catalina
charles charlie chuck chas carlos|charlotte lottie charlie|christina christine chris chrissy tina cristina kristina
christopher chris kit topher cristobal|clarence clare|cynthia cindy|daniel dan danny|david dave davey|deborah deb
debbie debra|donald don donnie|dorothy dot dottie dora|douglas doug|edward ed eddie ned ted eduardo lalo|edwin ed
eleanor ellie nell nora leonor|elizabeth liz beth betty eliza lisa lizzie libby betsy isabel elsie|emily em emmy
eric erik|eugene gene|evelyn eve evie|florence flo|frances fran fannie francie|francis frank francisco paco pancho
franklin frank|frederick fred freddy rick federico|gabriel gabe|geoffrey jeffrey jeff geoff|george jorge georgie
gerald jerry gerry geraldo|gregory greg|gwendolyn gwen|harold harry hal|helen nell nellie elena|henry hank harry
enrique|herbert herb bert|irene renie|isabella bella isabel izzy|jacob jake jack jacobo|jacqueline jackie
james jim jimmy jamie jaime diego|janet jan|jean jeanne jeannie|jennifer jen jenny|jeremy jerry|jessica jess jessie
jesus chuy|joan joanne joanna jo|john jack johnny jon juan|jonathan jon john nathan|joseph joe joey jose pepe|josephine
jo josie|joshua josh|judith judy|julia julie|karen kari|kenneth ken kenny|kimberly kim|lawrence larry laurence lorenzo
leonard len lenny leo leonardo|lillian lily lil|louis lou louie luis lewis|louise lou|lucille lucy|margaret maggie meg
peg peggy marge margie greta rita daisy margarita|maria mary marie mariah|martha marty mattie|martin marty martinez
mary molly polly mae mamie marie maria|matthew matt mateo|maxwell max|melissa missy lissa|michael mike mick mickey
micky miguel mitch|michelle shelly micky|mildred millie|nathaniel nate nathan nat|nicholas nick nico nicolas|nicole
nicky|norman norm|pamela pam|patricia pat patty tricia trish|patrick pat paddy patricio|paul pablo|peter pete pedro
philip phil phillip felipe|rachel rae|ralph rafe|randall randy|raymond ray ramon raimundo|rebecca becky becca|richard
rick ricky dick rich ricardo|robert rob robbie bob bobby bert roberto beto|roger rodger|ronald ron ronnie|rosemary rose
rosie|roy leroy|russell russ rusty|ruth ruthie|samuel sam sammy|samantha sam|sandra sandy|sarah sara sally|sharon
shari sherry|shirley shirl|stanley stan|stephanie steph stefanie|stephen steven steve esteban stefan|susan sue suzy
susie susanna suzanne|sylvia syl|teresa theresa terry tess tessa|theodore ted teddy theo|thomas tom tommy tomas
timothy tim|valerie val|veronica ronnie vera|victor vic|victoria vicky tori|vincent vince vinny vicente|virginia ginny
ginger|walter walt wally|wesley wes|wilhelmina mina willa|william bill billy will willy liam guillermo memo|zachary zach
"""


def folded(text: str) -> str:
    """Lower case, without accents and apostrophes; hyphens and punctuation are blanks."""
    plain = text.casefold().translate(_LETTERS).translate(_APART)
    return "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))


def words(text: str) -> tuple[str, ...]:
    """The words of a name, folded, in order; what has neither letter nor digit is none."""
    return tuple(one[:80] for one in folded(text).split() if any(c.isalnum() for c in one))


def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _SHORT_FORMS.replace("\n", "|").split("|"):
        group = line.split()
        for name in group:
            found.setdefault(name, set()).update(group)
    return {name: frozenset(group - {name}) for name, group in found.items()}


_FORMS = _groups()
SHORT_FORMS = tuple(_FORMS)


def short_forms(word: str) -> frozenset[str]:
    """Other names by which one called so goes: bill and will for william, and back."""
    return _FORMS.get(word, frozenset())


# What is written differently and sounds alike, longest first, at the start of a word or anywhere in it.
_STARTS = (("kn", "n"), ("gn", "n"), ("pn", "n"), ("wr", "r"), ("ps", "s"), ("x", "s"), ("wh", "w"), ("mc", "mk"))
_SOUNDS = (
    ("tch", "c"), ("sch", "s"), ("ght", "t"), ("dge", "j"), ("ph", "f"), ("ch", "c"), ("sh", "s"), ("th", "t"),
    ("ck", "k"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("q", "k"), ("x", "ks"), ("z", "s"), ("gh", ""), ("v", "f"),
    ("ll", "l"), ("y", "i"), ("j", "g"), ("w", "u"), ("dt", "t"),
)  # fmt: skip
_VOWELS = frozenset("aeiouh")


@lru_cache(1 << 14)
def sound(word: str) -> str:
    """How a name sounds, roughly: Smith and Smyth, Philips and Fillips, Geoff and Jeff come to the same."""
    said = "".join(c for c in word if c.isalpha())
    for start, like in _STARTS:
        if said.startswith(start):
            said = like + said[len(start) :]
            break
    for written, like in _SOUNDS:
        said = said.replace(written, like)
    said = said.replace("c", "k")
    first, rest = said[:1], "".join(c for c in said[1:] if c not in _VOWELS)
    head = "a" if first in _VOWELS else first
    made = head
    for letter in rest:
        if letter != made[-1:]:
            made += letter
    return made[:20]
