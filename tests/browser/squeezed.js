// Which cells of tables are so narrow that their words stand a letter or two to a line.
() => {
  const shown = cell => {
    const copy = cell.cloneNode(true);
    for (const hidden of copy.querySelectorAll(".vh")) hidden.remove();
    return copy.textContent;
  };
  const cut = cell => getComputedStyle(cell.closest("thead") || cell).position === "absolute";
  return [...document.querySelectorAll("main td, main th")]
    .filter(cell => cell.checkVisibility() && !cut(cell) && cell.clientWidth > 1 && cell.clientWidth < 46)
    .filter(cell => shown(cell).split(/\s+/).some(word => word.length > 7))
    .map(cell => `${shown(cell).trim().slice(0, 30)} ${cell.clientWidth}`);
}
