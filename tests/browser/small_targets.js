// Which targets are smaller than "least" CSS pixels (WCAG 2.5.8): links within running text are as high as their line.
// A link that says a name is measured with the shortest one there is: code words are drawn, and one of them is "En".
least => {
  const named = [...document.querySelectorAll("a[href^='/operations/'], a[href^='/businesses/']")]
    .filter(a => a.childNodes.length === 1 && a.firstChild.nodeType === 3 && !/\s/.test(a.firstChild.data.trim()))
    .map(a => [a, a.firstChild.data]);
  for (const [a] of named) a.firstChild.data = "En";
  const seen = { visibilityProperty: true, opacityProperty: true };
  const running = "p, li, dd, td, th, h1, h2, h3, figcaption, caption";
  const found = [];
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    const own = e.getBoundingClientRect();
    if (own.width <= 1 || own.height <= 1 || !e.checkVisibility(seen)) continue;
    const beside = [...e.parentElement.childNodes].some(n => n !== e && n.nodeType === 3 && n.data.trim().length > 1);
    const inline = e.tagName === "A" && getComputedStyle(e).display === "inline";
    if (inline && (beside || e.closest(running))) continue;
    const target = e.matches("input[type=checkbox], input[type=radio]") ? e.closest("label") || e : e;
    const r = target.getBoundingClientRect();
    if (r.height >= least - 0.5 && r.width >= least - 0.5) continue;
    const said = (e.innerText || e.name || "").trim().slice(0, 30);
    found.push(`${e.tagName.toLowerCase()} "${said}" ${Math.round(r.width)}x${Math.round(r.height)}`);
  }
  for (const [a, name] of named) a.firstChild.data = name;
  return found;
}
