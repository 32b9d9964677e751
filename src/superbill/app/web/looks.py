"""How the pages look to one person: kept in cookies of this browser, for they are about nobody."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

LOOKS = {
    "theme": {"system": _("As the machine"), "light": _("Light"), "dark": _("Dark")},
    "rows": {"dense": _("Dense"), "roomy": _("Roomy")},
}


def looks(request: HttpRequest) -> dict[str, object]:
    """The looks chosen, the first of each unless told, and what there is to choose; for every template."""
    found: dict[str, object] = {f"looks_{name}": list(known.items()) for name, known in LOOKS.items()}
    for name, known in LOOKS.items():
        value = request.COOKIES.get(name)
        found[f"{name}_look"] = value if value in known else next(iter(known))
    return found
