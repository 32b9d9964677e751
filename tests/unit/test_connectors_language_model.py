"""A language model may look at a suggestion again; it can't add to it, break it, or learn more than it is told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from msgspec.structs import replace

from superbill.coding.model import Evidence
from superbill.coding.suggest.model import SuggestedCode, SuggestedService, Suggestion, Visit
from superbill.connectors.language_model import Settings, review
from superbill.connectors.language_model.redact import redacted
from superbill.findings import Severity

NOTE = (
    "Seen by Dr. Miller on 03/04/2026. The neighbor, Old Tom, drove her.\n"
    "Assessment: Type 2 diabetes, A1c 8.2, call her at 555-123-4567. Knee pain since the fall. She sings in a choir."
)


def said(words: str, code: str, system: str = "ICD-10-CM") -> SuggestedCode:
    start = NOTE.index(words)
    return SuggestedCode(
        system=system, code=code, title="", evidence=(Evidence("note", words, start, start + len(words)),)
    )


SUGGESTION = Suggestion(
    visit=Visit(on=date(2026, 5, 1)), release="ICD-10-CM 2026",
    diagnoses=(said("Type 2 diabetes", "E11.9"), said("Knee pain", "M25.569")),
    services=(SuggestedService(code=said("A1c", "83036", "CPT")),),
)  # fmt: skip

Reply = Callable[[BaseHTTPRequestHandler, bytes], None]


class Endpoint:
    """A stand-in on this machine: what it was asked, and how it answers, one reply after the other."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.replies: list[Reply] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked.append(({key.lower(): value for key, value in self.headers.items()}, body))
                number = min(len(endpoint.asked), len(endpoint.replies)) - 1
                endpoint.replies[number](self, body)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def settings(self) -> Settings:
        return Settings(url=f"http://127.0.0.1:{self.server.server_port}/v1", model="local", wait=0.0, timeout=5.0)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    served = Endpoint()
    yield served
    served.close()


def raw(data: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    def reply(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        for key, value in (headers or {}).items():
            handler.send_header(key, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return reply


def content(text: str) -> Reply:
    return raw(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}], "usage": {}}).encode())


def opinion(code: str, verdict: str = "supported", confidence: float = 1.0, reason: str = "Stated.") -> dict[str, Any]:
    return {"code": code, "verdict": verdict, "confidence": confidence, "reason": reason}


def opinions(*each: dict[str, Any]) -> Reply:
    return content(json.dumps({"codes": each}))


ALL = opinions(opinion("E11.9"), opinion("M25.569"), opinion("83036"))


def rules(result: Suggestion) -> list[str]:
    return [each.rule.removeprefix("coding.language-model.") for each in result.findings]


def test_nobody_is_asked_until_an_address_is_given():
    assert review(SUGGESTION, NOTE, Settings()) is SUGGESTION


def test_what_the_model_says_stands_in_the_way_of_each_code(endpoint):
    endpoint.replies = [
        opinions(opinion("E11.9"), opinion("M25.569", "unsupported", 0.8, "No exam."), opinion("83036"))
    ]
    result = review(SUGGESTION, NOTE, endpoint.settings)
    assert [each.score for each in result.diagnoses] == [1.0, 0.6]
    assert result.diagnoses[1].way[-1].words == "A language model says unsupported (80%): No exam."
    assert result.services[0].code.way[-1].rule == "coding.language-model"
    assert [(each.rule, each.severity) for each in result.findings] == [
        ("coding.language-model.unsupported", Severity.WARNING)
    ]


def test_the_sequence_is_not_the_models_to_change(endpoint):
    endpoint.replies = [opinions(opinion("83036"), opinion("M25.569"), opinion("E11.9", "unsupported"))]
    result = review(SUGGESTION, NOTE, endpoint.settings)
    assert [each.code for each in result.diagnoses] == ["E11.9", "M25.569"]


def test_a_code_that_the_model_adds_is_left_out_and_reported(endpoint):
    endpoint.replies = [
        opinions(opinion("E11.9"), opinion("M25.569"), opinion("83036"), opinion("I21.3"), opinion("<b>X\x07"))
    ]
    result = review(SUGGESTION, NOTE, endpoint.settings)
    assert [each.code for each in result.diagnoses] == ["E11.9", "M25.569"]
    assert rules(result) == ["added"]
    assert result.findings[0].message.endswith(": I21.3, bX.")


def test_a_code_that_the_model_passes_over_keeps_its_score(endpoint):
    endpoint.replies = [opinions(opinion("E11.9", "unclear", 0.5))]
    result = review(SUGGESTION, NOTE, endpoint.settings)
    assert [each.score for each in result.diagnoses] == [0.875, 1.0]
    assert rules(result) == ["silent"]
    assert "83036, M25.569" in result.findings[0].message


def test_the_first_of_two_opinions_on_a_code_counts(endpoint):
    endpoint.replies = [
        opinions(opinion("E11.9"), opinion("E11.9", "unsupported"), opinion("M25.569"), opinion("83036"))
    ]
    assert review(SUGGESTION, NOTE, endpoint.settings).diagnoses[0].score == 1.0


def test_only_sentences_with_evidence_leave_and_identifiers_do_not(endpoint):
    endpoint.replies = [ALL]
    review(SUGGESTION, NOTE, endpoint.settings)
    sent = endpoint.asked[0][1].decode()
    asked = json.loads(json.loads(sent)["messages"][1]["content"])
    assert [each["evidence"] for each in asked["codes"]] == [
        ["Assessment: Type 2 diabetes, A1c 8.2, call her at [phone]."],
        ["Knee pain since the fall."],
        ["Assessment: Type 2 diabetes, A1c 8.2, call her at [phone]."],
    ]
    for private in ("Miller", "Old Tom", "03/04/2026", "choir", "555-123", "2026"):
        assert private not in sent


def test_an_identifier_that_a_sentence_cuts_is_still_one(endpoint):
    note = "Pain, says Dr. Miller, is from a tear."
    endpoint.replies = [opinions(opinion("R52"))]
    code = SuggestedCode(system="ICD-10-CM", code="R52", evidence=(Evidence("note", "tear", 33, 37),))
    review(replace(SUGGESTION, diagnoses=(code,), services=()), note, endpoint.settings)
    assert b"tear" in endpoint.asked[0][1]
    assert b"Miller" not in endpoint.asked[0][1]


def test_the_whole_note_leaves_only_when_told(endpoint):
    endpoint.replies = [ALL]
    review(SUGGESTION, NOTE, replace(endpoint.settings, send="note"))
    assert json.loads(json.loads(endpoint.asked[0][1])["messages"][1]["content"])["note"] == NOTE


def test_the_key_comes_from_the_environment(endpoint, monkeypatch):
    endpoint.replies = [ALL]
    monkeypatch.setenv("OUR_KEY", "k-123")
    review(SUGGESTION, NOTE, replace(endpoint.settings, key_from="OUR_KEY"))
    headers, body = endpoint.asked[0]
    assert headers["authorization"] == "Bearer k-123"
    assert b"k-123" not in body


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(endpoint, status):
    waits: list[float] = []
    endpoint.replies = [raw(b"busy", status), raw(b"busy", status), ALL]
    result = review(SUGGESTION, NOTE, replace(endpoint.settings, wait=1.0), sleep=waits.append)
    assert (waits, len(endpoint.asked), rules(result)) == ([1.0, 2.0], 3, [])


def test_the_endpoint_may_say_how_long_to_wait(endpoint):
    waits: list[float] = []
    endpoint.replies = [raw(b"", 429, {"Retry-After": "7"}), raw(b"", 429, {"Retry-After": "9999"}), ALL]
    review(SUGGESTION, NOTE, replace(endpoint.settings, wait=1.0), sleep=waits.append)
    assert waits == [7.0, 30.0]


@pytest.mark.parametrize("status, tries", [(500, 3), (401, 1), (400, 1), (404, 1)])
def test_a_failure_that_stays_leaves_the_suggestion_as_it_was(endpoint, status, tries):
    endpoint.replies = [raw(b"Type 2 diabetes of Mrs Miller", status)]
    result = review(SUGGESTION, NOTE, endpoint.settings, sleep=lambda _: None)
    assert replace(result, findings=()) == SUGGESTION
    assert [each.message for each in result.findings] == [
        f"The language model gave no opinion: it answered with HTTP status {status}."
    ]
    assert len(endpoint.asked) == tries


GARBAGE = {
    "not JSON": raw(b"<html>no</html>"),
    "nothing": raw(b""),
    "bytes": raw(bytes(range(256))),
    "no choice": raw(b'{"choices": []}'),
    "deep": raw(b"[" * 100_000),
    "prose": content("I would code this as E11.9, which the patient Miller has."),
    "a wrong verdict": opinions(opinion("E11.9", "certainly")),
    "too sure": opinions(opinion("E11.9", confidence=7)),
    "a field more": content('{"codes": [], "add": ["I21.3"]}'),
    "a long reason": opinions(opinion("E11.9", reason="x" * 5000)),
    "a lone surrogate": content('{"codes": [{"code": "\ud800"}]}'),
    "too many": opinions(*[opinion("E11.9")] * 1000),
    "too long": raw(b"x" * 2_000_000),
}


@pytest.mark.parametrize("reply", GARBAGE.values(), ids=GARBAGE.keys())
def test_an_answer_that_is_none_costs_nothing(endpoint, reply):
    endpoint.replies = [reply]
    result = review(SUGGESTION, NOTE, endpoint.settings, sleep=lambda _: None)
    assert replace(result, findings=()) == SUGGESTION
    assert rules(result) == ["no-answer"]
    assert result.findings[0].severity is Severity.NOT_CHECKED
    assert "Miller" not in str(result.findings)


def test_json_in_a_fence_is_json(endpoint):
    endpoint.replies = [content('```json\n{"codes": [' + json.dumps(opinion("E11.9")) + "]}\n```")]
    assert review(SUGGESTION, NOTE, endpoint.settings).diagnoses[0].way[-1].rule == "coding.language-model"


def test_a_reason_is_one_line_whatever_it_holds(endpoint):
    endpoint.replies = [opinions(opinion("E11.9", reason="Yes.\n\x1b[31mred\u202e"))]
    assert review(SUGGESTION, NOTE, endpoint.settings).diagnoses[0].way[-1].words.endswith(": Yes. [31mred")


def test_a_slow_endpoint_is_not_waited_for(endpoint):
    released = threading.Event()
    endpoint.replies = [lambda handler, body: released.wait(20) and None]
    begun = time.monotonic()
    result = review(SUGGESTION, NOTE, replace(endpoint.settings, timeout=0.05, tries=2), sleep=lambda _: None)
    waited = time.monotonic() - begun
    released.set()
    assert rules(result) == ["no-answer"]
    assert "didn't answer within 0.05 seconds" in result.findings[0].message
    assert waited < 15


def test_an_answer_that_trickles_ends_with_the_time(endpoint):
    def trickle(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.01)
        except OSError:
            return

    endpoint.replies = [trickle]
    result = review(SUGGESTION, NOTE, replace(endpoint.settings, timeout=0.1, tries=1))
    assert "didn't answer within 0.1 seconds" in result.findings[0].message


def test_an_endpoint_that_hangs_up_is_a_finding(endpoint):
    endpoint.replies = [lambda handler, body: handler.connection.close()]
    assert rules(review(SUGGESTION, NOTE, endpoint.settings, sleep=lambda _: None)) == ["no-answer"]


def test_a_chart_does_not_follow_a_redirect(endpoint):
    endpoint.replies = [raw(b"", 307, {"Location": f"{endpoint.settings.url}/elsewhere"})]
    result = review(SUGGESTION, NOTE, endpoint.settings, sleep=lambda _: None)
    assert (rules(result), len(endpoint.asked)) == (["no-answer"], 1)


def test_nobody_there_is_a_finding(endpoint):
    settings = endpoint.settings
    endpoint.server.server_close()
    result = review(SUGGESTION, NOTE, settings, sleep=lambda _: None)
    assert replace(result, findings=()) == SUGGESTION
    assert rules(result) == ["no-answer"]


@pytest.mark.parametrize(
    "settings",
    [
        Settings(url="http://models.example.org/v1", model="m"),
        Settings(url="file:///etc/passwd", model="m"),
        Settings(url="https://me:secret@example.org", model="m"),
        Settings(url="https://example.org/v1"),
        Settings(url="http://[::1", model="m"),
        Settings(url="http://localhost:99999999/v1", model="m"),
        Settings(url="http://localhost/v1", model="m", timeout=0),
    ],
    ids=["plain HTTP", "a file", "a password", "no model", "no address", "no port", "no time"],
)
def test_settings_that_would_leak_or_fail_ask_nobody(settings):
    result = review(SUGGESTION, NOTE, settings)
    assert replace(result, findings=()) == SUGGESTION
    assert rules(result) == ["settings"]
    assert "secret" not in result.findings[0].message


@pytest.mark.parametrize(
    "text, left",
    [
        ("seen 3/4/2026 and 2026-03-04", "seen [date] and [date]"),
        ("since March 5th, 2024 and 5 Mar 2024", "since [date] and [date]"),
        ("call (555) 123-4567 or 555.123.4567", "call [phone] or [phone]"),
        ("jane.doe@example.org wrote", "[mail] wrote"),
        ("SSN 123-45-6789, MRN: A-445566", "[number], [number]"),
        ("Mrs. Jane A. Doe and Dr Lee agree", "Mrs. [name] and Dr [name] agree"),
        ("lives at 12 Oak Tree Street, Salem MA 01970", "lives at [street], Salem [place]"),
        ("a 93-year-old man", "a [age over 89]-year-old man"),
        ("A1c 8.2, BP 120/80, LDL 130, 40 mg, L4-L5, 3-4 days", "A1c 8.2, BP 120/80, LDL 130, 40 mg, L4-L5, 3-4 days"),
        ("may have anemia; a 54-year-old", "may have anemia; a 54-year-old"),
    ],
)
def test_what_is_redacted_and_what_is_not(text, left):
    assert redacted(text) == left
