"""The long lists on narrow windows: secondary columns fold or narrow, and neither page nor list scrolls sideways."""

import pytest
from tests.browser_support import BROWSER, settled, sideways

pytestmark = BROWSER
LISTS = ["claims", "denials", "payments", "accounts", "manage/receivables"]
# By how many pixels the widest list is wider than its place.
_OVER = """() => Math.max(0, ...[...document.querySelectorAll(".scroll:has(> .rows)")].map(
    (one) => one.scrollWidth - one.clientWidth))"""


@pytest.mark.parametrize("width", [720, 900, 1280])
def test_a_list_fits_a_narrow_window(enter, served, width):
    manager = enter(served, "manager")
    manager.page.set_viewport_size({"width": width, "height": 900})
    over = {}
    for path in LISTS:
        manager.go(path)
        settled(manager.page)
        over[path] = (sideways(manager.page), manager.page.evaluate(_OVER))
    assert over == dict.fromkeys(LISTS, (0, 0))
    assert manager.complaints == []
