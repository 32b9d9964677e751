// On a page that opens or came in place of another, the focus goes to what is marked data-focus (what to do next, or
// what is wrong); after a swap that marks nothing, to the page. Not autofocus: browsers refuse it after a swap.

document.querySelector("[data-focus]")?.focus();

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target !== document.body) return;
  const next = document.querySelector("[data-focus]");
  (next || document.getElementById("page"))?.focus({ preventScroll: !next });
  if (!next && !location.hash) window.scrollTo(0, 0);
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
