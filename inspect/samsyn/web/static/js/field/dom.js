// Fills the page's templates: a text goes in as a text, never as HTML. data-f: a text; data-if: taken away where empty;
// data-href: an address; data-class "name:class": a class where the value is true; data-color-of: a square's colour.
export function make(name, values = {}) {
  const made = document.getElementById(`t-${name}`).content.cloneNode(true);
  fill(made, values);
  return made;
}

export function fill(root, values) {
  for (const one of root.querySelectorAll("[data-if]")) if (!values[one.dataset.if]) one.remove();
  for (const one of root.querySelectorAll("[data-f]")) one.textContent = values[one.dataset.f] ?? "";
  for (const one of root.querySelectorAll("[data-href]")) one.setAttribute("href", values[one.dataset.href] ?? "#");
  for (const one of root.querySelectorAll("[data-color-of]")) one.dataset.color = values[one.dataset.colorOf] ?? "neutral";
  for (const one of root.querySelectorAll("[data-class]")) {
    for (const pair of one.dataset.class.split(" ")) {
      const [name, css] = pair.split(":");
      one.classList.toggle(css, Boolean(values[name]));
    }
  }
  for (const one of root.querySelectorAll("[data-id]")) one.id = one.dataset.id;
}

export const list = (root, name) => root.querySelector(`[data-list="${name}"]`);

// Lists that stay where they are: what is the same is left alone, and so is what somebody is writing in.
export function lay(container, entries) {
  const had = new Map([...container.children].map((node) => [node.dataset.key, node]));
  entries.forEach(({ key, print, build }, n) => {
    let node = had.get(key);
    had.delete(key);
    if (!node || (node.dataset.print !== print && !node.dataset.typing && !node.contains(document.activeElement))) {
      const made = build();
      made.dataset.key = key;
      made.dataset.print = print;
      node?.replaceWith(made);
      node = made;
    }
    if (container.children[n] !== node) container.insertBefore(node, container.children[n] ?? null);
  });
  for (const node of had.values()) if (!node.contains(document.activeElement)) node.remove();
}
