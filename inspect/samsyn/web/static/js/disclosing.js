// The copy as it would be, anew with every choice. Without this the buttons "show" do the same by a page of their own.
const form = document.querySelector("form[data-live]");
const PAUSE = 300;
let waiting = 0;
let asked = 0;

async function renew() {
  const mine = ++asked;
  const said = new FormData(form);
  said.set("act", "preview");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(said), credentials: "same-origin" });
    if (!answer.ok || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (next) exchange(part, next);
    }
  } catch {
    // No answer: what is typed stands, and the button asks again.
  }
}

// What has the focus keeps it; what was unfolded or typed in a part stays so.
function exchange(part, next) {
  const held = part.contains(document.activeElement) ? document.activeElement : null;
  part.querySelectorAll("details").forEach((one, n) => {
    const same = next.querySelectorAll("details")[n];
    if (same && one.open) same.open = true;
  });
  part.querySelectorAll("textarea").forEach((one) => {
    const same = next.querySelector(`[name="${one.name}"]`);
    if (same) same.value = one.value;
  });
  part.replaceChildren(...next.childNodes);
  if (!held) return;
  const again = held.name && [...part.querySelectorAll(`[name="${held.name}"]`)].find((one) => held.tagName === "TEXTAREA" || one.value === held.value);
  (again || (held.tagName === "SUMMARY" && part.querySelector("summary")))?.focus({ preventScroll: true });
}

if (form) {
  form.classList.add("is-live");
  form.addEventListener("change", (event) => {
    if (event.target.name === "other" && event.target.value) form.querySelector('[name="to"][value="other"]').checked = true;
    if (event.target.name === "reason") return;
    clearTimeout(waiting);
    waiting = setTimeout(renew, PAUSE);
  });
}
