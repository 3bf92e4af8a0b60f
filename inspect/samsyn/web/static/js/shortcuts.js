// Single keys for what a page offers. Loaded only where the person has not turned them off (WCAG 2.1.4).
//
// A link, button or field takes part by saying its key: data-key="n", or two keys after each other: data-key="g i".
// The same key twice on a page: the first one that is seen wins. Its words in the list are data-key-says, else
// aria-label, else its text. "/" goes to the page's search field without being named. "?" shows the list.
const WAIT = 1200; // milliseconds between the two keys of a pair
let first = "";
let timer = 0;

const seen = (element) => element.getClientRects().length > 0 || element.closest("details:not([open])") !== null;
const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])"));

function named(key) {
  return [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && seen(one));
}

function search() {
  return document.querySelector("main [role=search] input:not([type=hidden]), main input[type=search]");
}

function act(element) {
  if (element.matches("input:not([type=submit]), textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.focus();
    element.click();
  }
}

function pressed(key) {
  const pair = first ? `${first} ${key}` : "";
  first = "";
  clearTimeout(timer);
  const found = (pair && named(pair)) || named(key) || (key === "/" && search());
  if (found) {
    act(found);
    return true;
  }
  if (key === "?") {
    list();
    return true;
  }
  if (document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    first = key;
    timer = setTimeout(() => (first = ""), WAIT);
    return true;
  }
  return false;
}

// The list is the help page's own section, so that there is one text and it is there without a script too.
async function list() {
  let dialog = document.getElementById("keys-dialog");
  if (!dialog) {
    const answer = await fetch("/help", { headers: { Accept: "text/html" } });
    const section = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("keyboard");
    if (!section) {
      location.assign("/help#keyboard");
      return;
    }
    dialog = document.createElement("dialog");
    dialog.id = "keys-dialog";
    dialog.className = "keysbox";
    const heading = section.querySelector("h2");
    heading.id = "keys-heading";
    dialog.setAttribute("aria-labelledby", heading.id);
    const end = document.createElement("form");
    end.method = "dialog";
    const button = document.createElement("button");
    button.className = "ds-button";
    button.textContent = section.dataset.close;
    end.append(button);
    dialog.append(...section.childNodes, end);
    mark(dialog);
    document.body.append(dialog);
  }
  dialog.showModal();
}

// What this page does not have says so in words.
function mark(dialog) {
  for (const word of dialog.querySelectorAll("[data-away]")) {
    const key = word.dataset.away;
    word.hidden = key === "?" || Boolean(named(key) || (key === "/" && search()));
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key.length !== 1 || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (pressed(event.key.toLowerCase())) event.preventDefault();
});

for (const one of document.querySelectorAll("[data-key]")) {
  if (!one.dataset.key.includes(" ")) one.setAttribute("aria-keyshortcuts", one.dataset.key.toUpperCase());
}
