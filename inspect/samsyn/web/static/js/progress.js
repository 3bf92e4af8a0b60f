// A job's page keeps itself up to date: each second at first, every other second after ten. The focus stays where it is,
// and what is read out changes at 0, 25, 50, 75 and 100 per cent only. Without this module the page is fetched again whole.
// What can be done meanwhile (.row) comes and goes. A page that shows what the work made (data-then) is fetched again when
// it ended, unless something on it was typed or ticked: then it links to it.
const SOON = 1000;
const LATER = 2000;
const EARLY = 10_000;
const began = performance.now();

let touched = false;

const actions = (row) => [...row.querySelectorAll("form")].map((form) => form.getAttribute("action")).join();

function offer(row, newest) {
  if (!row || !newest || actions(row) === actions(newest)) return;
  const had = row.contains(document.activeElement) && document.activeElement.closest("form")?.getAttribute("action");
  row.replaceChildren(...newest.cloneNode(true).childNodes);
  if (had) (row.querySelector(`form[action="${had}"] button`) ?? row.querySelector("button"))?.focus();
}

function take(from) {
  const now = document.getElementById("progress");
  const said = now.querySelector("[role=status]");
  const says = from.querySelector("[role=status]");
  if (said && says && said.textContent !== says.textContent) said.textContent = says.textContent;
  const bar = now.querySelector("progress");
  const level = from.querySelector("progress");
  if (bar && level) {
    for (const name of ["max", "value"]) {
      if (level.hasAttribute(name)) bar.setAttribute(name, level.getAttribute(name));
    }
  }
  const words = now.querySelector("p:not([role])");
  const newest = from.querySelector("p:not([role])");
  if (words && newest) words.replaceChildren(...newest.cloneNode(true).childNodes);
  offer(now.querySelector(".row"), from.querySelector(".row"));
}

async function again() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const from = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("progress");
    if (!from) return location.reload();
    if (from.dataset.progress === "ended") {
      const now = document.getElementById("progress");
      if (now.dataset.then && !touched) return location.replace(location.pathname);
      const had = now.contains(document.activeElement);
      take(from);
      now.replaceChildren(...from.childNodes);
      now.dataset.progress = "ended";
      now.querySelector("[data-newer]")?.removeAttribute("hidden");
      if (had) now.querySelector("a")?.focus();
      return undefined;
    }
    const had_status = document.querySelector("#progress [role=status]");
    if (!had_status && from.querySelector("[role=status]")) document.getElementById("progress").replaceChildren(...from.childNodes);
    else take(from);
  } catch {
    // no network at the moment: ask again
  }
  setTimeout(again, performance.now() - began < EARLY ? SOON : LATER);
  return undefined;
}

if (document.querySelector("[data-progress=open]")) {
  document.addEventListener("input", () => { touched = true; }, { once: true });
  setTimeout(again, SOON);
}
