// Counts the seconds down beside an undo button and takes the button away when it is too late. The form works without it;
// the server says no after the time is over. The figure is not read out second by second: only the bar's first words and its end are.
for (const bar of document.querySelectorAll("[data-undo]")) {
  const ends = performance.now() + Number(bar.dataset.undo) * 1000;
  const left = bar.querySelector(".undo__left");
  const words = left.textContent;
  const number = bar.dataset.undo;
  const quiet = left.cloneNode(true);
  quiet.setAttribute("aria-hidden", "true");
  left.className = "vh";
  left.after(quiet);
  const tick = setInterval(() => {
    const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    quiet.textContent = words.replace(number, String(seconds));
    if (seconds > 0) return;
    clearInterval(tick);
    const form = bar.querySelector("form");
    const had = form.contains(document.activeElement);
    form.remove();
    left.remove();
    quiet.remove();
    const over = bar.querySelector(".undo__over");
    if (over) over.hidden = false;
    else bar.remove();
    if (had) document.getElementById("content")?.focus();
  }, 250);
}
