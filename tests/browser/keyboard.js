// What the keyboard stands on, in words that stay the same from day to day: a kind, and the rule that it leads to.
() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const plain = address => new URL(address, location.href).pathname
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>").replace(/\/static\/[0-9a-f]+/, "/static");
  const field = (e.name || "").replace(/[0-9a-f]{32}/g, "<id>");
  const style = getComputedStyle(e);
  const ticked = e.matches("input[type=radio], input[type=checkbox]");  // drawn by its label, or by what follows it
  const drawn = ticked ? [e.closest("label"), e.nextElementSibling].filter(Boolean).map(b => getComputedStyle(b)) : [];
  const marked = s => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
  const words = {
    A: () => `link ${e.getAttribute("href").startsWith("#") ? e.getAttribute("href").replace(/[0-9a-f-]{36}/g, "<id>") : plain(e.href)}`,
    BUTTON: () => `button ${e.form ? plain(e.form.action) : "here"}${field ? ` ${field}` : ""}`,
    INPUT: () => `${e.type} ${field}`,
    SELECT: () => `choice ${field}`,
    TEXTAREA: () => `text ${field}`,
    SUMMARY: () => "fold",
  };
  const stop = (words[e.tagName] || (() => `${e.tagName.toLowerCase()} ${e.getAttribute("role") || ""}`))();
  e.dataset.stood = "1";
  return [stop.trim(), [style, ...drawn].some(marked)];
}
