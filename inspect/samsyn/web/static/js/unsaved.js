// What was typed and not sent is not left behind without a question; the count of answers follows what is pressed.
let typed = false;
const tell = (form) => {
  const answered = form.querySelectorAll("[data-point] input[type=radio]:checked").length;
  for (const said of document.querySelectorAll("[data-answered]")) {
    said.textContent = said.dataset.answered.replace("{n}", answered);
  }
  const bar = document.getElementById("progress");
  if (bar) bar.value = answered;
};
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  form.addEventListener("input", () => {
    typed = true;
    tell(form);
  });
  form.addEventListener("submit", () => (typed = false));
}
window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});
