// Correcting a claim: lists grow as one types into their last row, a row goes at a press, and what a check finds stands
// at its field. Without scripts the page does the same, one press of Check later.

const rows = (list) => [...list.querySelectorAll("tbody tr")];
const fields = (row) => [...row.querySelectorAll("input,select")];
const blank = (row) => fields(row).every((one) => !one.value);

function renumber(list) {
  rows(list).forEach((row, at) => {
    for (const one of row.querySelectorAll("input,select,button")) {
      if (one.id) one.id = one.id.replace(/\d+$/, at + 1);
      if (one.name === "remove") one.value = one.value.replace(/\d+$/, at + 1);
      one.setAttribute("aria-label", one.getAttribute("aria-label").replace(/\d+(?!.*\d)/, at + 1));
    }
  });
}

function grow(list) {
  const all = rows(list);
  const last = all.at(-1);
  if (blank(last) || all.length >= Number(list.dataset.most)) return;
  const fresh = last.cloneNode(true);
  for (const one of fields(fresh)) one.value = "";
  last.after(fresh);
  renumber(list);
}

function remove(row) {
  const list = row.closest("[data-list]");
  const next = row.nextElementSibling || row.previousElementSibling;
  if (next && !(row === rows(list).at(-1) && blank(row))) row.remove();
  else for (const one of fields(row)) one.value = "";
  renumber(list);
  const here = fields(next || row)[0];
  here.focus();
  here.dispatchEvent(new Event("change", { bubbles: true })); // what is left is checked
}

// What the last check said, at the fields: the message, and who reads it aloud.
function mark() {
  const checked = document.getElementById("checked");
  if (!checked) return;
  for (const one of document.querySelectorAll("#edit .edit .field.wrong")) {
    one.classList.remove("wrong");
    one.querySelector("p.wrong")?.remove();
  }
  for (const one of checked.querySelectorAll("[data-for]")) {
    const place = document.getElementById(one.dataset.for);
    const box = place?.closest(".field");
    if (!box) continue;
    box.classList.add("wrong");
    let said = box.querySelector("p.wrong");
    if (!said) {
      said = Object.assign(document.createElement("p"), { className: "wrong", id: `${one.dataset.for}-said` });
      box.append(said);
    }
    said.append(`${said.textContent ? " " : ""}■ ${one.dataset.said}`);
    place.setAttribute("aria-describedby", said.id);
  }
}

document.addEventListener("input", (event) => {
  const list = event.target.closest?.("#edit [data-list]");
  if (list) grow(list);
});
document.addEventListener("click", (event) => {
  const drop = event.target.closest?.("#edit button[name=remove]");
  if (drop) {
    event.preventDefault();
    remove(drop.closest("tr"));
    return;
  }
  const link = event.target.closest?.("a[href^='#']");
  const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const folded = place?.closest("#edit details");
  if (folded) folded.open = true;
  if (place?.closest("#edit .edit")) {
    event.preventDefault();
    const box = place.matches("input,select") ? place : place.querySelector("input,select");
    box.scrollIntoView({ block: "center" });
    box.focus();
  }
});
document.addEventListener("draft:restore", (event) => {
  if (event.target.id !== "edit") return;
  for (const list of event.target.querySelectorAll("[data-list]")) {
    const name = fields(rows(list)[0])[0].name;
    const wanted = event.detail.filter(([one]) => one === name).length;
    while (rows(list).length < wanted) {
      rows(list).at(-1).after(rows(list).at(-1).cloneNode(true));
    }
    renumber(list);
  }
});
document.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "checked" && mark());
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id === "edit") delete event.detail.parameters.remove; // htmx sends the button that has the focus too
});
