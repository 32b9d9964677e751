// A link with data-panel opens its page's content at the right; the list keeps its place. Without scripts it is a link.

let opener = null;
const panel = () => document.getElementById("panel");

export function close() {
  const open = panel();
  if (!open || open.hidden) return;
  open.hidden = true;
  open.replaceChildren();
  opener?.focus?.();
  opener = null;
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[data-panel]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && panel()) {
      event.preventDefault();
      event.stopPropagation();
      opener = link;
      htmx.ajax("GET", link.href, { target: "#panel", select: "#page", swap: "innerHTML" });
    } else if (event.target.closest?.("[data-closes]")) close();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
});

document.addEventListener("htmx:afterSwap", (event) => {
  const open = panel();
  if (event.detail.target !== open) return;
  const inner = open.querySelector("#page"); // one page on a page: its frame is the panel
  if (inner) inner.replaceWith(...inner.childNodes);
  const shut = document.createElement("button");
  shut.type = "button";
  shut.className = "quiet close";
  shut.dataset.closes = "";
  shut.textContent = "Close";
  open.prepend(shut);
  open.hidden = false;
  open.focus();
});
