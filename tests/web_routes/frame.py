"""What belongs to no room."""

from tests.web_routes import Listed

ROUTES = {
    "practice": Listed(lacking=None, gives=302, page=False),
}
