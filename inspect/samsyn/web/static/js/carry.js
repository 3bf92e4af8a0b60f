// A campaign's visit is carried to another day, or behind another visit (as soon as the way and the briefing allow), with
// the pointer. Nothing is kept by that: it leads to the visit's own page, which says what stands against the new time
// and has the button that moves it. The keyboard goes there by the visit's name.
const board = document.querySelector("[data-carry]");
let carried = null;

function target(event) {
  return carried && event.target.closest("[data-day]");
}

function unmark() {
  for (const one of board.querySelectorAll(".carry-over")) one.classList.remove("carry-over");
}

if (board) {
  for (const row of board.querySelectorAll("[data-visit]")) row.draggable = true;
  board.addEventListener("dragstart", (event) => {
    carried = event.target.closest("[data-visit]");
    if (!carried) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", carried.dataset.visit);
  });
  board.addEventListener("dragover", (event) => {
    const day = target(event);
    if (!day) return;
    event.preventDefault();
    unmark();
    (event.target.closest("[data-item]") || day).classList.add("carry-over");
  });
  board.addEventListener("dragend", () => {
    carried = null;
    unmark();
  });
  board.addEventListener("drop", (event) => {
    const day = target(event);
    if (!day) return;
    event.preventDefault();
    const other = event.target.closest("[data-item]");
    const to = new URLSearchParams({ plan: board.dataset.carry });
    if (other && other !== carried) to.set("behind", other.dataset.item);
    else {
      to.set("day", day.dataset.day);
      to.set("clock", carried.dataset.starts);
    }
    location.assign(`${carried.dataset.visit}?${to}`);
  });
}
