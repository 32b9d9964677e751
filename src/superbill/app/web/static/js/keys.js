// Keys: any element with data-key answers to it. One in the row that has the focus wins over one of the page.
// "g c" is g, then c. data-opens names a dialog to be shown; fields get the focus, anything else is clicked. A menu that
// is open answers first; the first of its buttons with a key has the focus, else its first field. data-takes-row: where
// no row is chosen, the one that has the focus is. data-enter names the button that Enter in a field presses.
import { take } from "./rows.js";

const WAIT = 1200; // ms for the second key of a pair
let before = "";
let timer = 0;

const typing = (target) => target.matches?.("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]");

// What a closed menu holds answers too, its digits alone don't: they mean something only where they are shown.
const seen = (element) =>
  element.checkVisibility?.() || (element.closest("details:not([open])") && !/^\d$/.test(element.dataset.key)) || element.closest(".rail");
const openMenu = () => document.querySelector("main details.menu[open]");

export function named(key) {
  const fits = (place) => [...place.querySelectorAll("[data-key]")].filter((one) => one.dataset.key === key && !one.disabled);
  const row = document.activeElement?.closest?.("tr,[data-row]");
  const panel = document.querySelector("#panel:not([hidden])");
  for (const place of [openMenu(), row, panel, document.querySelector("main"), document]) {
    const found = place && fits(place).find(seen);
    if (found) return found;
  }
  return null;
}

function press(element) {
  if ("takesRow" in element.dataset) take();
  const dialog = element.dataset.opens && document.getElementById(element.dataset.opens);
  if (dialog) {
    fill(dialog);
    dialog.showModal();
  } else if (element.matches("input:not([type=checkbox]):not([type=radio]):not([type=submit]),textarea,select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
    if (element.matches("summary") && element.parentElement.open) {
      const menu = element.parentElement;
      (menu.querySelector("button[data-key]") || menu.querySelector("input:not([type=hidden]),select,textarea,button"))?.focus();
    }
  }
}

// The words of a button, without the key that it shows.
function said(element) {
  const copy = element.cloneNode(true);
  for (const shown of copy.querySelectorAll("kbd")) shown.remove();
  return copy.textContent;
}

// What each key of the page does, read off the page itself.
function fill(dialog) {
  const list = dialog.querySelector("dl");
  if (!list) return;
  const told = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    const label = element.dataset.does || element.getAttribute("aria-label") || element.labels?.[0]?.textContent || said(element);
    if (!told.has(element.dataset.key)) told.set(element.dataset.key, label.trim());
  }
  if (document.querySelector("[data-rows]")) {
    for (const [key, label] of [["j", "Next row"], ["k", "Previous row"], ["Enter", "Open the row"], ["x", "Choose the row"]]) told.set(key, label);
  }
  told.set("Esc", "Close the panel");
  list.replaceChildren(
    ...[...told].flatMap(([key, label]) => {
      const term = document.createElement("dt");
      const shown = document.createElement("kbd");
      shown.textContent = key;
      term.append(shown);
      const does = document.createElement("dd");
      does.textContent = label;
      return [term, does];
    }),
  );
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const menu = openMenu();
  if (event.key === "Escape" && menu) {
    menu.open = false;
    (menu.closest("form")?.querySelector("tr[aria-selected=true] a") || menu.querySelector("summary")).focus();
    return;
  }
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    const button = event.key === "Enter" && document.getElementById(event.target.dataset.enter || "");
    if (button) {
      event.preventDefault();
      button.click();
    }
    return;
  }
  const pair = before && `${before} ${event.key}`;
  clearTimeout(timer);
  before = "";
  const found = (pair && named(pair)) || named(event.key);
  if (found) {
    event.preventDefault();
    press(found);
  } else if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    before = event.key;
    timer = setTimeout(() => (before = ""), WAIT);
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener && event.isTrusted) press(opener);
});
