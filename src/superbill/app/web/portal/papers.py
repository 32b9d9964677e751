"""Papers: bills as they were sent, receipts, and every service of a person in one list."""

from django.http import Http404, HttpRequest, HttpResponse
from msgspec.structs import replace

from superbill.app.portal.scope import PortalScope
from superbill.app.statements.papers import NoPaper
from superbill.app.web.desk import today
from superbill.app.web.portal.own import patient_page, show_mine, site_for
from superbill.forms import itemized as itemized_form
from superbill.forms import receipt as receipt_form
from superbill.forms import statement as statement_form


@patient_page()
def papers(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """What can be kept or printed."""
    on = today()
    return show_mine(request, mine, "papers", bills=mine.bills(), payments=mine.payments(on), people=mine.patients(on))


@patient_page()
def bill(_request: HttpRequest, mine: PortalScope, number: int) -> HttpResponse:
    """A bill as it was sent."""
    data = mine.bill(number)
    if data is None:
        raise Http404
    named = f"S{number:06d}"
    try:
        return _pdf(statement_form.render(replace(data, number=named)), f"bill-{named}.pdf")
    except statement_form.NothingToSay:
        raise Http404 from None


@patient_page()
def receipt(_request: HttpRequest, mine: PortalScope, number: int) -> HttpResponse:
    """The receipt of a payment."""
    site = site_for(mine)
    data = mine.receipt(number, site, today()) if site else None
    if data is None:
        raise Http404
    return _pdf(receipt_form.render(data), f"receipt-{number}.pdf")


@patient_page()
def itemized(_request: HttpRequest, mine: PortalScope, patient: int) -> HttpResponse:
    """Every service, with codes, for who asks for them: an insurer or a tax office may."""
    site = site_for(mine)
    try:
        data = mine.itemized(patient, site, today()) if site else None
    except NoPaper:
        data = None
    if data is None:
        raise Http404
    return _pdf(itemized_form.render(data), "all-services.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
