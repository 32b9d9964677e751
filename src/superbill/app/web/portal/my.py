"""Addresses of the patients' own pages: outside every practice, known by nobody's role."""

from django.urls import path

from superbill.app.web.portal import asking, coming_in, me, money, pages, papers

urlpatterns = [
    path("my/", pages.home, name="my-home"),
    path("my/sign-in", coming_in.sign_in, name="my-sign-in"),
    path("my/sign-out", coming_in.sign_out, name="my-sign-out"),
    path("my/start", coming_in.start, name="my-start"),
    path("my/start/birth-date", coming_in.birth_date, name="my-start-birth-date"),
    path("my/start/password", coming_in.password, name="my-start-password"),
    path("my/bill", pages.bill, name="my-bill"),
    path("my/bill/<str:line>", pages.why, name="my-why"),
    path("my/help", pages.help_with_bill, name="my-help"),
    path("my/pay", money.amount, name="my-pay"),
    path("my/pay/card", money.card, name="my-pay-card"),
    path("my/pay/done/<str:receipt>", money.done, name="my-paid"),
    path("my/plan", money.plan, name="my-plan"),
    path("my/plan/<int:months>", money.agree, name="my-plan-agree"),
    path("my/questions", asking.questions, name="my-questions"),
    path("my/questions/ask", asking.ask_us, name="my-ask"),
    path("my/questions/<int:number>", asking.question, name="my-question"),
    path("my/papers", papers.papers, name="my-papers"),
    path("my/papers/bill-<int:number>.pdf", papers.bill, name="my-bill-pdf"),
    path("my/papers/receipt-<int:number>.pdf", papers.receipt, name="my-receipt-pdf"),
    path("my/papers/all-<int:patient>.pdf", papers.itemized, name="my-itemized-pdf"),
    path("my/about-me", me.about_me, name="my-details"),
    path("my/about-me/hear", me.hear, name="my-hear"),
]
