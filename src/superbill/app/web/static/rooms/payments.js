// The poster's room: files are dropped, numbers are keyed on the pad, what is left of a check is always in sight.
// Everything listens on the document, so that pages which are swapped in need nothing to be set up.

import "../js/drop.js";

// --- the numeric pad ---------------------------------------------------------------------------------------------

const fields = (form) => [...form.querySelectorAll("input:not([type=hidden]):not([type=checkbox]),select")].filter((one) => !one.disabled);
const cents = (text) => {
  const plain = text.replace(/[$,\s]/g, "");
  return /^-?\d*(\.\d{0,2})?$/.test(plain) && /\d/.test(plain) ? Math.round(Number(plain) * 100) : 0;
};
const shown = (amount) => {
  const text = (Math.abs(amount) / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
  return amount < 0 ? `(${text})` : text;
};
const go = (field) => {
  field?.focus();
  field?.select?.();
};

function beside(event, by) {
  const all = fields(event.target.form);
  return all[all.indexOf(event.target) + by];
}

function above(event, by) {
  const row = event.target.closest("tr");
  const place = [...row.querySelectorAll("input")].indexOf(event.target);
  const rows = [...row.parentElement.children];
  return rows[rows.indexOf(row) + by]?.querySelectorAll("input")[place];
}

// What is still unexplained of the line goes into the field.
function rest(field) {
  const row = field.closest("tr[data-charge]");
  if (!row || !field.classList.contains("money")) return;
  field.value = "";
  field.value = (unexplained(row) / 100).toFixed(2);
}

function unexplained(row) {
  const charge = Number(row.dataset.charge);
  const by = {};
  for (const one of row.querySelectorAll("input.money")) by[one.name.split("-")[0]] = one.value.trim() ? cents(one.value) : null;
  let others = 0;
  let refused = 0;
  for (const [, group, , amount] of row.querySelector("input.other").value.matchAll(/\b(CO|PR|OA|PI)-(\w+)=(-?[\d.]+)/g)) {
    others += cents(amount);
    if (group !== "PR") refused += cents(amount);
  }
  const explained = (by.paid || 0) + (by.deductible || 0) + (by.coinsurance || 0) + (by.copay || 0) + others;
  const contractual = by.allowed === null ? 0 : charge - by.allowed - refused;
  return charge - explained - contractual;
}

function running() {
  const bar = document.querySelector("[data-check]");
  const form = document.querySelector("form[data-balance]");
  if (!bar || !form) return;
  let now = 0;
  let before = 0;
  for (const row of form.querySelectorAll("tr[data-charge]")) {
    const off = unexplained(row);
    const touched = [...row.querySelectorAll("input")].some((one) => one.value.trim());
    row.querySelector("[data-off]").textContent = off ? shown(off) : "–";
    row.classList.toggle("done", touched && !off);
    row.classList.toggle("wrong", touched && !!off);
    const paid = row.querySelector('input[name^="paid-"]');
    now += cents(paid.value);
    before += cents(paid.defaultValue);
  }
  const keyed = Number(bar.dataset.keyed) - before + now;
  const left = Number(bar.dataset.check) - keyed;
  bar.querySelector('[data-shows="keyed"]').textContent = `$${shown(keyed)}`;
  bar.querySelector('[data-shows="left"]').textContent = `$${shown(left)}`;
  bar.querySelector(".left").classList.toggle("trouble", left !== 0);
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key === "Enter" && event.ctrlKey && field.closest?.("form[data-pad]")) {
    event.preventDefault();
    field.form.requestSubmit();
    return;
  }
  if (!field.matches?.("form[data-pad] input,form[data-pad] select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const atEnd = field.selectionStart === undefined || field.selectionEnd === field.value.length;
  const atStart = field.selectionStart === undefined || field.selectionStart === 0;
  const grid = field.closest("tr[data-charge]");
  const moves = {
    Enter: () => beside(event, event.shiftKey ? -1 : 1),
    ArrowRight: () => grid && atEnd && beside(event, 1),
    ArrowLeft: () => grid && atStart && beside(event, -1),
    ArrowDown: () => grid && above(event, 1),
    ArrowUp: () => grid && above(event, -1),
  };
  if (event.key === "+" && grid) {
    event.preventDefault();
    rest(field);
    running();
    return;
  }
  const next = moves[event.key]?.();
  if (next) {
    event.preventDefault();
    go(next);
  } // Enter in the last field sends the form, as it does anywhere
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("form[data-pad] input.money")) event.target.select();
});
document.addEventListener("input", (event) => {
  if (event.target.closest?.("form[data-balance]")) running();
});

// --- what is chosen for a deposit --------------------------------------------------------------------------------

document.addEventListener("change", () => {
  const sum = document.querySelector("[data-sum]");
  if (!sum) return;
  const chosen = document.querySelectorAll("[data-adds] tbody input:checked");
  sum.textContent = `$${shown([...chosen].reduce((total, one) => total + Number(one.dataset.cents), 0))}`;
});

document.addEventListener("htmx:load", running);
running();
