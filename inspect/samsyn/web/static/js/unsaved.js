// What was typed and not sent is not left behind without a question.
let typed = false;
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  form.addEventListener("input", () => (typed = true));
  form.addEventListener("submit", () => (typed = false));
}
window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});
