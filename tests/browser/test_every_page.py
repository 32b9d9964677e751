"""Every page that a person can come to: found by following links, from each role's rail. It fits every width, axe finds
nothing serious in light or in dark, the console is silent, it has one heading; no link leads to a refusal, and a page
that no link leads to is told."""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from tests.browser_support import BROWSER, PRACTICE, SHAPES, Watched, serious, settled, sideways
from tests.web_routes import ROUTES

pytestmark = BROWSER
ROLES = ("manager", "administrator", "coder", "auditor", "frontdesk", "biller", "poster")
OPENED = {name for name, one in ROUTES.items() if one.page or one.gives == 302}
LINK = re.compile(r'href="(/p/[^"#]+)')
# Pages that only stand in a state in which the demo has nothing, and what that state is.
ELSEWHERE = {
    "audit-visit": "no audit has been drawn",
    "coding-audit": "no audit has been drawn",
    "chart-drop": "no charts were dropped",
    "chart-note": "no charts were dropped",
    "check-files": "no coverage has been asked about",
    "claim-void": "the claim that is looked at is not one that can be voided",
    "eob": "no paper explanation has been begun",
    "job": "no job has run",
    "pack": "no pack of rules has been activated",
    "merge": "no two charts look like one person's",
    "today-filter-counts": "a part that the lists fetch by themselves",
    "visit-edit": "the visit that is looked at is billed, and its claim is corrected instead",
    "visit-procedure": "an inpatient's visit, and a search for its procedure",
    "visit-query": "no coder has asked a physician",
}


def route_of(address):
    try:
        return resolve(urlsplit(address).path).url_name
    except Resolver404:
        return ""


class Walk:
    """Through the pages of one role after the other: `wrong` is what was found, `reached` the routes looked at."""

    def __init__(self, browser, address, passwords):
        self.browser, self.address, self.passwords = browser, address, passwords
        self.reached = set()
        self.wrong = []

    def through(self, role):
        """Follow links from this first page to one address of each route; look where nobody has looked."""
        watched = Watched(self.browser, **SHAPES["light"])
        page = watched.page
        watched.sign_in(self.address, role, self.passwords[role])
        waiting, tried = deque(self._links(page.content())), set()
        while waiting:
            name, link = waiting.popleft()
            if name not in OPENED or name in tried:
                continue
            tried.add(name)
            if name in self.reached:
                answer = page.request.get(self.address + link)
                found = [] if answer.ok else [f"a link leads to {answer.status}"]
                waiting.extend(self._links(answer.text()))
            else:
                before = len(watched.complaints)
                page.goto(self.address + link)
                settled(page)
                self.reached |= {name, route_of(page.url)}
                waiting.extend(self._links(page.content()))
                found = [*self._looked_at(page), *watched.complaints[before:]]
            self.wrong += [f"{role} {name} ({link}): {one}" for one in found]
        watched.close()

    def missing(self):
        """The routes that show a page and were not come to."""
        shown = {name for name, one in ROUTES.items() if one.page and one.body is None and one.gives == 200}
        return shown - self.reached

    def _links(self, text):
        found = [link.replace("&amp;", "&") for link in LINK.findall(text)]
        return [(route_of(link), link) for link in found if link.startswith(f"/p/{PRACTICE}/")]

    def _looked_at(self, page):
        """What is wrong with the page in each shape, without loading it again."""
        if (count := page.locator("h1").count()) != 1:
            yield f"{count} headings of the first order"
        for shape, how in SHAPES.items():
            page.set_viewport_size(how["viewport"])
            page.emulate_media(color_scheme=how.get("color_scheme", "light"))
            settled(page)
            if wide := sideways(page):
                yield f"{shape}: {wide} px wider than the screen"
            if shape in RULES:
                yield from (
                    f"{shape}: axe {rule} ({impact}) at {place}" for rule, impact, place in serious(page, RULES[shape])
                )
        page.set_viewport_size(SHAPES["light"]["viewport"])


RULES = {"light": None, "dark": ["color-contrast"]}  # colours are all that differs in the dark


@pytest.fixture(scope="module")
def walk(chromium, served):
    """The walk, done."""
    done = Walk(chromium, *served)
    for role in ROLES:
        done.through(role)
    return done


def test_every_page_fits_reads_and_complains_of_nothing(walk):
    assert walk.wrong == []


def test_links_lead_to_every_page(walk):
    assert walk.missing() - set(ELSEWHERE) == set()
