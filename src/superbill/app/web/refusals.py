"""The pages that say no. They know nothing of what was asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """404: not there, or not yours; nothing tells which."""
    return render(request, "web/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """403."""
    return render(request, "web/403.html", {"said": ""}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """400: what no form of ours sends."""
    return render(request, "web/400.html", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our mistake. Says nothing of what happened; the log has the place."""
    return render(request, "web/500.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """403 of a form whose token is missing or old."""
    return render(request, "web/stale.html", status=403)
