// Automatic logoff: two minutes before the session ends a dialog asks whether somebody is there. Who works (keys,
// pointer) keeps the session open without asking; pages that fetch by themselves don't. At the end what was typed is
// kept, the session closed, and the sign-in leads back to this page. Tabs of one browser know of each other's work.

import { saveAll } from "./drafts.js";

const WARN = 120_000; // ms before the end
const BEAT = 240_000; // ms: how often one who works without any request tells the server
const CALM = 20_000; // ms without work, after which the server hears of the last of it
const channel = "BroadcastChannel" in window ? new BroadcastChannel("superbill-work") : null;
let worked = Date.now(); // the last key or click, in any tab
let heard = Date.now(); // the last request that kept the session open
let leaving = false;

const dialog = () => document.getElementById("idle");
const length = (open) => Number(open.dataset.seconds) * 1000;

function stay(open) {
  heard = Date.now();
  const body = new URLSearchParams({ csrfmiddlewaretoken: open.querySelector("[name=csrfmiddlewaretoken]").value });
  fetch(open.dataset.stay, { method: "POST", body, redirect: "manual" })
    .then((answer) => answer.type === "opaqueredirect" && leave(open)) // signed out elsewhere
    .catch(() => {}); // no network: the next request tells
}

async function leave(open) {
  if (leaving) return;
  leaving = true;
  await saveAll().catch(() => {});
  const form = document.createElement("form");
  form.method = "post";
  form.action = open.dataset.leave;
  const fields = { csrfmiddlewaretoken: open.querySelector("[name=csrfmiddlewaretoken]").value, why: "idle", next: location.pathname + location.search };
  for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.body.append(form);
  form.submit();
}

function work(event) {
  if (event && !event.isTrusted) return;
  if (dialog()?.open) return; // from here on only the button says that somebody is there
  worked = Date.now();
  channel?.postMessage("work");
}

function look() {
  const open = dialog();
  if (!open || leaving) return;
  const left = worked + length(open) - Date.now();
  if (left <= 0) void leave(open);
  else if (left <= WARN) {
    if (!open.open) {
      void saveAll();
      open.showModal();
    }
    const seconds = Math.ceil(left / 1000);
    open.querySelector(".left").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  } else {
    if (open.open) open.close();
    const now = Date.now();
    if (worked > heard && (now - heard > BEAT || now - worked > CALM)) stay(open);
  }
}

let told = 0;
function throttled(event) {
  if (Date.now() - told < 1000) return;
  told = Date.now();
  work(event);
}

for (const kind of ["keydown", "pointerdown", "wheel", "touchstart"]) document.addEventListener(kind, throttled, { passive: true, capture: true });
document.addEventListener(
  "close",
  (event) => {
    if (event.target.id !== "idle") return;
    worked = Date.now();
    channel?.postMessage("work");
    stay(event.target);
  },
  true,
);
channel?.addEventListener("message", () => (worked = Date.now()));
document.addEventListener("htmx:beforeRequest", () => (heard = Date.now()));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
setInterval(look, 1000);
