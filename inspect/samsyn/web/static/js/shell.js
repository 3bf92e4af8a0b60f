// Small menus (the person's corner, "get the list") close when somebody clicks elsewhere, moves on or presses Escape;
// without this module they close by their own button.
for (const menu of document.querySelectorAll("details.my, details.pop")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

// Faults are said by the page, beside the field and on top, not by a bubble that goes away.
for (const form of document.forms) if (form.method === "post") form.noValidate = true;

// A button that prints: shown only where a script runs, for without one the browser's own menu does it.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
