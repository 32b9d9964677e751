// A button with data-copies puts the value of the field that it names on the clipboard, and says so. Browsers let only
// pages at a safe address do it: elsewhere the button stays hidden, and one copies by hand.

function ready() {
  if (navigator.clipboard) for (const one of document.querySelectorAll("[data-copies]")) one.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copies]");
  if (button) navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value).then(() => (button.textContent = button.dataset.copied));
});
document.addEventListener("htmx:load", ready);
ready();
