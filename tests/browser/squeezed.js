// Which cells of tables are so narrow that their words stand a letter or two to a line.
() => [...document.querySelectorAll("main td, main th")]
  .filter(e => getComputedStyle(e.closest("thead") || e).position !== "absolute" && e.checkVisibility() && e.clientWidth > 1 && e.clientWidth < 46)
  .filter(e => e.innerText.split(/\s+/).some(word => word.length > 7))
  .map(e => `${e.innerText.trim().slice(0, 30)} ${e.clientWidth}`)
