// A page that comes in place of another brings what its head names: sheets and scripts of its room that are not here
// yet. htmx swaps the body alone. Sheets go in before the swap, so that nothing jumps; those of the room that was left
// go out after it, so that a page looks alike however one came to it. Scripts stay: they ran.

function wanted(text) {
  const head = new DOMParser().parseFromString(text, "text/html").head;
  return [...head.querySelectorAll('link[rel="stylesheet"],script[src]')];
}

const here = (one) =>
  one.localName === "link"
    ? document.head.querySelector(`link[href="${CSS.escape(one.getAttribute("href"))}"]`)
    : document.head.querySelector(`script[src="${CSS.escape(one.getAttribute("src"))}"]`);
const sheets = () => [...document.head.querySelectorAll('link[rel="stylesheet"]')];

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== document.body || !event.detail.xhr || !event.detail.shouldSwap) return;
  const named = wanted(event.detail.xhr.responseText);
  for (const one of named) {
    if (here(one)) continue;
    const copy = document.createElement(one.localName);
    for (const { name, value } of one.attributes) copy.setAttribute(name, value);
    document.head.append(copy);
  }
  const addresses = new Set(named.map((one) => one.getAttribute("href")));
  const left = addresses.size > 1 ? sheets().filter((one) => !addresses.has(one.getAttribute("href"))) : [];
  document.addEventListener("htmx:afterSwap", () => left.forEach((one) => one.remove()), { once: true });
});
