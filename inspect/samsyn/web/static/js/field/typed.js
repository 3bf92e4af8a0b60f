// What is typed into a form that a press sends: kept within a second of the last stroke like all else, so that a page that
// is killed loses none of it; laid back where it was typed; gone in the same step in which the press keeps what is sent.
import { putTyped, remove } from "./queue.js";
import { clock, say } from "./words.js";

const SOON = 700;
const going = new WeakMap(); // by form: what it is of, the timer, and the step that is under way

const find = (items, about) => items.find((item) => item.about === about && item.state === "draft");
const texts = (form) => [...form.elements].filter((one) => one.name && ["INPUT", "TEXTAREA", "SELECT"].includes(one.tagName));

// Lays back what was typed, and keeps what is typed from now on. whose: a function, for the owner as it was read last.
export function keepTyped(ctx, form, { about: what, kind, label, whose }) {
  const { person_id, authority_id } = whose();
  const about = `${what}:${authority_id}:${person_id}`;
  const item = find(ctx.items, about);
  const fields = (item && ctx.said.get(item.id)?.fields) ?? {};
  for (const one of texts(form)) if (fields[one.name]) one.value = fields[one.name];
  const it = { about, step: Promise.resolve(), timer: 0 };
  going.set(form, it);
  const save = async () => {
    const typed = Object.fromEntries(texts(form).map((one) => [one.name, one.value]));
    const wrote = texts(form).some((one) => one.tagName !== "SELECT" && one.value.trim());
    const had = find((await ctx.now()).items, about);
    if (wrote) await putTyped(whose(), kind, about, { label, fields: typed });
    else if (had) await remove(had.id);
    const status = form.querySelector("[role=status]");
    if (status && wrote) status.textContent = say("saved_phone", { at: clock(Date.now()) });
  };
  const soon = (wait) => {
    clearTimeout(it.timer);
    it.timer = setTimeout(() => {
      it.timer = 0;
      it.step = it.step.then(save, save);
    }, wait);
  };
  form.addEventListener("input", () => soon(SOON));
  form.addEventListener("focusout", () => it.timer && soon(0));
}

// Waits for what is under way, and returns the draft that what is sent takes the place of.
export async function typedOf(form) {
  const it = going.get(form);
  if (!it) return undefined;
  clearTimeout(it.timer);
  it.timer = 0;
  await it.step;
  return it.about;
}
