// Drafts: what one typed and did not send comes back after a time-out, a reload, or tomorrow.
//
// A form opts in with data-draft="a key": `<form class="form" method="post" data-draft="note-{{ claim.id }}">`. The key
// names the form and what it is about by numbers, never by a patient's name. That is all: a second after the last
// change, and before leaving, its fields go to the server, for this person alone (64 kB, 14 days). What is too long, or
// did not reach the server, is told above the form until it is kept or sent. When the page shows the form again, it offers to bring them back. Once the form went through (any answer but a refusal) they are gone.
// Passwords, files and fields with data-no-draft are left out. Hidden fields come back too, so a form that carries the
// version it began from still finds out that somebody was faster. A script that draws fields by itself listens to
// "draft:restore" on the form (detail: the pairs) and draws them before they are filled.

const WAIT = 1000; // ms after the last change
const BEACON = 60_000; // characters: more than that no browser sends from a page that is being left
const timers = new Map();
const unkept = new Map(); // form: the notice above it
const dirty = new Set();

const place = () => document.getElementById("draft");
const token = (form) => form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

const clock = (at) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function post(form, more, keepalive = false) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token(form), key: form.dataset.draft, ...more });
  return fetch(place().dataset.address, { method: "POST", body, keepalive: keepalive && body.toString().length < BEACON });
}

const skipped = (field) =>
  !field.name || field.name === "csrfmiddlewaretoken" || field.name === "_draft" || field.type === "password" || field.type === "file" || "noDraft" in field.dataset;

function typed(form) {
  const pairs = [];
  for (const field of form.elements) {
    if (skipped(field) || ["submit", "button", "fieldset", "output"].includes(field.type)) continue;
    if (["checkbox", "radio"].includes(field.type) && !field.checked) continue;
    const values = field.type === "select-multiple" ? [...field.selectedOptions].map((one) => one.value) : [field.value];
    for (const value of values) pairs.push([field.name, value]);
  }
  return pairs;
}

function save(form, keepalive = false) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  if (!dirty.has(form) || !form.isConnected || !place()) return null;
  dirty.delete(form);
  return post(form, { do: "keep", fields: JSON.stringify(typed(form)) }, keepalive)
    .then((answer) => (answer.ok ? settled(form) : lost(form, answer.status === 413 ? "long" : "away")))
    .catch(() => lost(form, "away"));
}

function lost(form, why) {
  if (why === "away") dirty.add(form); // tried again with the next change, and before leaving
  if (unkept.get(form)?.dataset.why === why) return;
  const since = unkept.get(form)?.querySelector(".when").textContent ?? clock(new Date());
  settled(form);
  const shown = document.getElementById(`draft-${why}`).content.firstElementChild.cloneNode(true);
  shown.querySelector(".when").textContent = since;
  shown.dataset.why = why;
  form.before(shown);
  unkept.set(form, shown);
  document.documentElement.toggleAttribute("data-unkept", true);
}

function settled(form) {
  unkept.get(form)?.remove();
  unkept.delete(form);
  document.documentElement.toggleAttribute("data-unkept", unkept.size > 0);
}

export const saveAll = () => Promise.all([...dirty].map((form) => save(form, true)));

function refill(form, pairs) {
  form.dispatchEvent(new CustomEvent("draft:restore", { bubbles: true, detail: pairs }));
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (skipped(field) || field.type === "submit" || field.type === "button") continue;
    const given = values.get(field.name);
    if (["checkbox", "radio"].includes(field.type)) field.checked = Boolean(given?.includes(field.value));
    else if (field.type === "select-multiple") for (const one of field.options) one.selected = Boolean(given?.includes(one.value));
    else if (given?.length) field.value = given.shift();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.querySelector("textarea,input:not([type=hidden]),select")?.focus();
}

function offer(form, kept) {
  const pairs = JSON.parse(kept.fields);
  if (JSON.stringify(pairs) === JSON.stringify(typed(form))) return;
  const shown = place().content.firstElementChild.cloneNode(true);
  const at = new Date(kept.at);
  const today = at.toDateString() === new Date().toDateString();
  const time = clock(at);
  shown.querySelector(".when").textContent = today ? time : `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`;
  shown.addEventListener("click", (event) => {
    const does = event.target.dataset?.draftDoes;
    if (does === "back") refill(form, pairs);
    if (does === "drop") post(form, { do: "drop" });
    if (does) shown.remove();
  });
  form.before(shown);
}

function ready() {
  if (!place()) return;
  for (const form of document.querySelectorAll("form[data-draft]:not([data-draft-ready])")) {
    form.dataset.draftReady = "";
    const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "_draft", value: form.dataset.draft });
    form.append(mark);
    post(form, { do: "look" })
      .then((answer) => (answer.status === 200 ? answer.json() : null))
      .then((kept) => kept && !dirty.has(form) && offer(form, kept))
      .catch(() => {}); // without the server there is nothing to bring back
  }
}

function changed(event) {
  const form = event.target.form;
  if (!event.isTrusted || !form?.matches?.("form[data-draft]") || skipped(event.target)) return;
  dirty.add(form);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), WAIT));
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("submit", (event) => {
  clearTimeout(timers.get(event.target));
  dirty.delete(event.target);
  settled(event.target);
});
document.addEventListener("htmx:beforeSwap", () => void saveAll());
window.addEventListener("pagehide", () => void saveAll());
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && void saveAll());
document.addEventListener("htmx:load", ready);
ready();
