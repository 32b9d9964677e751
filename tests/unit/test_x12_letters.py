"""Segments become structs and letters: what is known, what is odd, and the limits of both."""

import sys

import pytest
from tests.x12_valid import base, enveloped, written

from superbill.x12 import letters as module
from superbill.x12 import read
from superbill.x12.codec import marks
from superbill.x12.letters import ODD, WORDS, Alphabet, Letters
from superbill.x12.lexer import STANDARD
from superbill.x12.program import Plans, _Common, program
from superbill.x12.render import render

FILE = written(enveloped("837P", base("837P")))


@pytest.fixture
def letters():
    return Letters(STANDARD, marks(":", "^"), Alphabet())


def test_a_segment_seen_before_is_the_same_struct(letters):
    first, other, again = letters.of(["REF*6R*1", "REF*6R*2", "REF*6R*1"], untidy=False)
    assert first is again and first[1] == other[1] and first[0] != other[0]


def test_a_code_that_tells_segments_apart_has_a_letter_of_its_own(letters):
    one, other, absent = (letter for _, letter in letters.of(["NM1*85*2*A", "NM1*87*2*A", "NM1*WHATEVER-IT-IS"], False))
    assert len({one, other, absent, ODD}) == 4
    assert letters.alphabet.meanings[one] == ("NM1", "85") and letters.alphabet.meanings[absent] == ("NM1", "")


@pytest.mark.parametrize("raw", ["ZZZ*1", "CLMX*1", "ISA*00", "SE*1*1", "NM1", "CLM*1*a lot", "LX" + "*1" * 9])
def test_what_the_quick_way_cannot_read_is_odd(letters, raw):
    assert letters.of([raw], untidy=False)[0][1] == ODD


def test_a_word_begins_with_what_opens_a_loop_that_comes_again_and_again(letters):
    raws = ["LX*1", "SV1*HC:99213*1*UN*1***1", "LX*2", "SE*1*1", "REF*6R*1"]
    text = "".join([letter for _, letter in letters.of(raws, untidy=False)])
    assert [len(word) for word in WORDS.findall(text)] == [2, 1, 1, 1]


def test_of_a_letter_so_many_are_known_and_no_more(letters, monkeypatch):
    monkeypatch.setattr(module, "_KNOWN_OF_A_LETTER", 2)
    letters.of(["REF*6R*1", "REF*6R*2", "REF*6R*3", "REF*G1*" + "4" * 300], untidy=False)
    assert list(letters.known) == ["REF*6R*1", "REF*6R*2"]


def test_what_is_known_is_forgotten_from_time_to_time(letters, monkeypatch):
    letters.of(["REF*6R*1"], untidy=False)
    monkeypatch.setattr(module, "_BATCHES", 1)
    letters.of(["REF*G1*1"], untidy=False)
    assert list(letters.known) == ["REF*G1*1"]


def test_when_there_are_too_many_letters_a_new_alphabet_begins(monkeypatch):
    monkeypatch.setattr(module, "_ENOUGH", 0)
    first = program(STANDARD)
    assert program(STANDARD) is first
    assert render(read(FILE)) == FILE
    other = program(STANDARD)
    assert other.plans is not first.plans and other.letters is not first.letters


def test_when_there_are_too_many_plans_they_begin_anew(monkeypatch):
    assert render(read(FILE)) == FILE
    before = program(STANDARD).plans
    monkeypatch.setattr("superbill.x12.program._MOST_PLANS", 0)
    assert program(STANDARD).plans is not before


def test_a_file_is_read_the_same_without_letters(monkeypatch):
    monkeypatch.setattr(module, "_MOST", 0)
    monkeypatch.setattr("superbill.x12.program._COMMON", _Common())
    assert render(read(FILE)) == FILE
    assert not program(STANDARD).plans.alphabet.meanings


def test_where_no_loop_is_open_no_word_has_a_place():
    assert Plans().plan(None, "x").size == 0


def test_what_is_proven_is_remembered_up_to_a_limit_and_written_the_same_beyond(monkeypatch):
    # By the table of modules: the package has a function of the module's name.
    monkeypatch.setattr(sys.modules["superbill.x12.render"], "_PROVEN", 1)
    assert render(read(FILE)) == FILE
