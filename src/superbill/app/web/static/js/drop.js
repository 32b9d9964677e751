// Files dropped anywhere on a page with a zone (a form with data-drop) go into its field; one for many is sent at once.

const zone = (event) => event.target.closest?.("[data-drop]") || document.querySelector("[data-drop]");
const carries = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

document.addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  event.preventDefault(); // a file that misses the zone must not replace the page
  zone(event)?.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) zone(event)?.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  const form = zone(event);
  const field = form?.querySelector("input[type=file]");
  form?.classList.remove("over");
  if (!field) return;
  field.files = event.dataTransfer.files;
  if (field.multiple) form.requestSubmit();
  else field.focus();
});
