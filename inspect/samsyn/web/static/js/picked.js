// Counts the ticked rows of a list while they are ticked. Without this module the number is that of the page's opening.
const said = document.querySelector("[data-picked]");
const boxes = () => [...document.querySelectorAll('input[name="business"]')];

if (said) {
  document.addEventListener("change", (event) => {
    if (event.target.name !== "business") return;
    const n = boxes().filter((box) => box.checked).length;
    said.textContent = n === 0 ? said.dataset.none : n === 1 ? said.dataset.one : said.dataset.many.replace("#", n);
  });
}
