// Today: before a deed is sent, the row after the chosen ones is told, so that the focus comes back there.

document.addEventListener("submit", (event) => {
  const next = event.target.querySelector?.("[data-next]");
  if (!next) return;
  const rows = [...event.target.querySelectorAll("tbody tr[data-row]")];
  const chosen = rows.map((row) => Boolean(row.querySelector("input[type=checkbox]")?.checked));
  const last = chosen.lastIndexOf(true);
  const after = rows.slice(last + 1)[0] || rows.filter((_, place) => !chosen[place]).pop();
  next.value = after?.dataset.row || "";
}, true);
