// The workbench: a code shows its evidence and a mark its code; the focus stays where one works when the bench is
// swapped; words chosen in the note go with the code that is added next. Without scripts every button is a form.

const bench = () => document.getElementById("bench");
const still = () => matchMedia("(prefers-reduced-motion:reduce)").matches;

function strengthen(keys, { scroll }) {
  const place = bench();
  if (!place) return;
  for (const one of place.querySelectorAll(".on")) one.classList.remove("on");
  let first = null;
  for (const mark of place.querySelectorAll("mark[data-codes]")) {
    if (!mark.dataset.codes.split(" ").some((key) => keys.includes(key))) continue;
    mark.classList.add("on");
    first ||= mark;
  }
  for (const key of keys) document.getElementById(key)?.classList.add("on");
  const pane = document.getElementById("note-pane");
  if (first && scroll && pane && getComputedStyle(pane).position === "sticky") {
    const to = first.offsetTop - pane.offsetTop - pane.clientHeight / 3;
    pane.scrollTo({ top: Math.max(to, 0), behavior: still() ? "auto" : "smooth" });
  }
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-line]");
  if (row) strengthen([row.dataset.line], { scroll: true });
});

document.addEventListener("click", (event) => {
  const mark = event.target.closest?.("mark[data-codes]");
  const keys = mark?.dataset.codes.split(" ") ?? [];
  const row = keys.map((key) => document.getElementById(key)).find((one) => one?.matches("[data-line]"));
  if (row && getSelection().isCollapsed) {
    focus(row);
    strengthen(keys, { scroll: false });
  }
  const quote = event.target.closest?.('a.quote,a.ref,a[href^="#d"],a[href^="#s"]');
  const target = quote && document.getElementById(quote.hash.slice(1));
  if (target?.matches("[data-line]")) {
    event.preventDefault();
    focus(target);
  } else if (target?.matches("mark")) {
    event.preventDefault();
    strengthen(target.dataset.codes.split(" "), { scroll: true });
  }
  for (const open of document.querySelectorAll("details.pick[open]")) if (!open.contains(event.target)) open.open = false;
});

function focus(row) {
  (row.querySelector("a.code") || row.querySelector("button"))?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// A swap of the bench keeps what is open, where the note stands, and the place of the work.
let kept = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "bench") return;
  const held = document.activeElement?.closest?.("[data-line]")?.dataset.line;
  kept = {
    open: [...event.detail.target.querySelectorAll("details[open][id]:not(.pick)")].map((one) => one.id),
    note: document.getElementById("note-pane")?.scrollTop ?? 0,
    page: window.scrollY,
    row: held,
    seek: document.activeElement?.id === "seek",
    control: document.activeElement?.value?.startsWith?.("point|") || document.activeElement?.value?.startsWith?.("units|"),
    verdict: /^(keep|refuse)\|/.test(document.activeElement?.value ?? "") || Boolean(document.activeElement?.closest?.("details.pick")),
  };
});
document.addEventListener("htmx:afterSettle", () => {
  if (!kept || !bench()) return;
  const was = kept;
  kept = null;
  document.querySelector(".notices")?.replaceChildren(); // what it told has been read: its undo is not this step's
  for (const id of was.open) document.getElementById(id)?.setAttribute("open", "");
  const pane = document.getElementById("note-pane");
  if (pane) pane.scrollTop = was.note;
  window.scrollTo(0, was.page);
  const here = bench().querySelector("[data-here]");
  const next = bench().querySelector("[data-next]");
  const alert = bench().querySelector("[role=alert]");
  if (alert) alert.scrollIntoView({ block: "nearest" });
  const row = (decided && next) || here || (was.row && document.getElementById(was.row)) || next;
  decided = false;
  if (row) focus(row);
});

// After a verdict the work goes on with the next code that waits for one.
let decided = false;
document.addEventListener("htmx:configRequest", (event) => {
  decided = /^(keep|refuse)\|/.test(event.detail.parameters?.do ?? event.detail.parameters?.get?.("do") ?? "");
});

// Words chosen in the note are the evidence of the next code that is added.
document.addEventListener("selectionchange", () => {
  const chosen = getSelection();
  const form = document.getElementById("steps");
  const seat = document.getElementById("from-note");
  if (!form || !seat || chosen.isCollapsed || !chosen.anchorNode) return;
  const proses = [...document.querySelectorAll("#note-pane .note:not(.answer) .prose")];
  const inside = proses.findIndex((one) => one.contains(chosen.anchorNode) && one.contains(chosen.focusNode));
  if (inside < 0) return;
  const range = chosen.getRangeAt(0);
  const length = (node) => [...node.querySelectorAll(".ref")].reduce((sum, ref) => sum - ref.textContent.length, node.textContent.length);
  const before = document.createRange();
  before.selectNodeContents(proses[inside]);
  before.setEnd(range.startContainer, range.startOffset);
  const offset = proses.slice(0, inside).reduce((sum, one) => sum + length(one) + 2, 0) + length(holder(before));
  const said = length(holder(range));
  form.elements.start.value = String(offset);
  form.elements.end.value = String(offset + said);
  seat.hidden = false;
  seat.textContent = `“${chosen.toString().slice(0, 40)}”`;
});

function holder(range) {
  const made = document.createElement("div");
  made.append(range.cloneContents());
  return made;
}

// In the search: Enter adds the first, arrows walk the answers, Escape leaves.
document.addEventListener("keydown", (event) => {
  const hits = [...document.querySelectorAll("#found .hits > button")];
  const at = hits.indexOf(document.activeElement);
  if (event.target.id === "seek" && event.key === "Enter") {
    event.preventDefault();
    if (hits.length) hits[0].click();
  } else if (hits.length && event.key === "ArrowDown" && (event.target.id === "seek" || at >= 0)) {
    event.preventDefault();
    hits[Math.min(at + 1, hits.length - 1)].focus();
  } else if (at >= 0 && event.key === "ArrowUp") {
    event.preventDefault();
    (hits[at - 1] || document.getElementById("seek")).focus();
  } else if (event.key === "Escape") {
    for (const open of document.querySelectorAll("details.pick[open]")) open.open = false;
  }
});
