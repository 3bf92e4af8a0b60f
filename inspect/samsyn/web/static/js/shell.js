// The person's menu closes when somebody clicks elsewhere or presses Escape; without this module it closes by its own button.
const menu = document.querySelector("details[data-my]");

function close(focus) {
  if (!menu.open) return;
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
}

if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) close(false);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(false);
  });
}
