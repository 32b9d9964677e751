// A table with thead.stay keeps its head on the screen where it fits its place. One that is wider scrolls sideways, and
// what scrolls holds its head fast by itself: there it goes with the rows.

const look = (one) => one.classList.toggle("fits", one.scrollWidth <= one.clientWidth);
const watch = new ResizeObserver((seen) => seen.forEach(({ target }) => look(target)));

function ready() {
  for (const head of document.querySelectorAll(".scroll>table>thead.stay")) {
    look(head.closest(".scroll"));
    watch.observe(head.closest(".scroll"));
  }
}

document.addEventListener("htmx:load", ready);
ready();
