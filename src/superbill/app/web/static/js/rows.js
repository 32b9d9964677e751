// Rows of a table with data-rows: j and k walk, x chooses. The focus is on the row's first link, so Enter opens it.
// data-handle names another link for that. Choosing a row marks it; [data-chosen] shows how many are chosen, and fieldset[data-needs-chosen] wakes up.

const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")].filter((row) => row.querySelector("a,button,input"));
const handle = (row) => row.querySelector("[data-handle]") || row.querySelector("a") || row.querySelector("button,input");

function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement?.closest?.("tr"));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  if (next) {
    handle(next).focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

export function count() {
  for (const table of document.querySelectorAll("[data-rows]")) {
    const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
    const chosen = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr").setAttribute("aria-selected", String(box.checked));
    const form = table.closest("form") || document;
    for (const told of form.querySelectorAll("[data-chosen]")) told.textContent = String(chosen);
    for (const tools of form.querySelectorAll("fieldset[data-needs-chosen]")) tools.disabled = !chosen;
  }
}

// Where no row is chosen, the one with the focus is: a key that works on chosen rows means it.
export function take() {
  const row = document.activeElement?.closest?.("tr");
  const table = row?.closest("[data-rows]");
  if (!table || table.querySelector("tbody input[type=checkbox]:checked")) return;
  const box = row.querySelector("input[type=checkbox]");
  if (!box) return;
  box.checked = true;
  count();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches?.("input:not([type=checkbox]):not([type=radio]),textarea,select") || document.querySelector("dialog[open]")) return;
  if (event.key === "j" || event.key === "k") {
    if (!rows().length) return;
    event.preventDefault();
    step(event.key === "j" ? 1 : -1);
  } else if (event.key === "x") {
    const box = document.activeElement?.closest?.("tr")?.querySelector("input[type=checkbox]");
    if (box) {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
});

document.addEventListener("change", (event) => {
  const all = event.target.closest?.("[data-all]");
  if (all) for (const box of all.closest("table").querySelectorAll("tbody input[type=checkbox]")) box.checked = all.checked;
  if (event.target.matches?.("[data-rows] input[type=checkbox]")) count();
  if (event.target.matches?.("[data-sends]")) event.target.form?.requestSubmit();
});
document.addEventListener("htmx:load", count);
document.addEventListener("DOMContentLoaded", count);
count();
