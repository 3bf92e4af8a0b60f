// What a mouse reaches and the walk did not: of radio buttons with one name the keyboard stands on one, arrows do the rest.
() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const stood = e => e.dataset.stood
    || (e.type === "radio" && [...document.getElementsByName(e.name)].some(other => other.dataset.stood));
  return [...document.querySelectorAll(all)]
    .filter(e => !stood(e) && !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }))
    .map(e => e.outerHTML.slice(0, 120));
}
