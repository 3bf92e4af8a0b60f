// A button that prints the page. Without this module the browser's own menu does it, and the button is not shown.
for (const button of document.querySelectorAll("button[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
