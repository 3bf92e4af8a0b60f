// Two texts on one point, side by side; a person chooses, and what was chosen is a version under their name.
import { lay, list, make } from "./dom.js";
import { putChoice, unsent } from "./queue.js";
import { lines } from "./views.js";
import { clock, say, word } from "./words.js";

export const conflicts = (ctx) =>
  ctx.evening ? lines(ctx).filter((one) => one.rivals.length && !ctx.items.some((item) => item.about === one.key && item.settled && unsent(item))) : [];

// The words of one text that do not stand in the other, in order (longest common subsequence).
function differing(text, other) {
  const [one, two] = [text.split(/(\s+)/), other.split(/(\s+)/)];
  const table = Array.from({ length: one.length + 1 }, () => new Uint16Array(two.length + 1));
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = two.length - 1; j >= 0; j--)
      table[i][j] = one[i] === two[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const found = [];
  let j = 0;
  for (let i = 0; i < one.length; i++) {
    while (j < two.length && one[i] !== two[j] && table[i][j + 1] >= table[i + 1][j] && table[i][j + 1] === table[i][j]) j++;
    const same = j < two.length && one[i] === two[j];
    if (same) j++;
    found.push([one[i], same]);
  }
  return found;
}

function shown(text, other) {
  const into = document.createDocumentFragment();
  for (const [piece, same] of differing(text.slice(0, 4000), other.slice(0, 4000))) {
    if (same || !piece.trim()) into.append(piece);
    else into.append(Object.assign(document.createElement("ins"), { textContent: piece }));
  }
  return into;
}

function textEntry(ctx, line, other, n) {
  const mine = line.written_by === ctx.evening.person_id;
  const name = ctx.evening.writers[line.written_by] ?? say("someone");
  const values = {
    whose: mine ? say("your_text") : say("text_of", { name }),
    when: mine ? say("this_phone", { at: clock(line.written_at) }) : say("written", { name, at: clock(line.written_at) }),
    answer: `${word(`findings.answer.${line.answer}`)}.`,
  };
  const build = () => {
    const made = make("text", values);
    made.querySelector("input").value = n;
    made.querySelector("[data-words]").append(shown(line.text, other?.text ?? ""));
    return made.firstElementChild;
  };
  return { key: `${line.finding_id} ${line.version}`, print: JSON.stringify(values), build };
}

// What somebody wrote here and did not save yet; nothing where the words are those that were laid out.
function unsaved(view, key) {
  const text = view.dataset.name?.startsWith(`choose/${key}/`) ? view.querySelector("form")?.elements.text : undefined;
  return text && text.value !== text.dataset.laid ? text.value : undefined;
}

function layOut(form, words) {
  form.elements.text.value = form.elements.text.dataset.laid = words;
}

// A newer text, or somebody else's choice, that comes while a person writes takes nothing of it away.
export function choose(view, ctx, key) {
  const one = lines(ctx).find((line) => line.key === key);
  const written = unsaved(view, key);
  if (!one || (!one.rivals.length && written === undefined)) return undefined;
  const texts = [one.newest, ...one.rivals];
  const name = `choose/${key}/${one.newest.version}`;
  if (view.dataset.name !== name) {
    view.dataset.name = name;
    view.replaceChildren(make("choose", { text: one.point ? `${one.point.code} ${one.point.text}` : say("free") }));
    const entries = texts.map((line, n) => textEntry(ctx, line, texts[n ? 0 : 1], String(n)));
    const both = document.getElementById("t-choose").dataset;
    const add = () => {
      const made = make("text", { whose: both.both, when: both.says });
      made.querySelector("input").value = "both";
      return made.firstElementChild;
    };
    if (texts.length > 1) entries.push({ key: "both", print: "", build: add });
    lay(list(view, "texts"), entries);
    const form = view.querySelector("form");
    form.onsubmit = (event) => event.preventDefault();
    form.addEventListener("change", (event) => {
      if (event.target.name !== "which") return;
      const all = texts.map((line) => line.text).filter(Boolean).join("\n");
      layOut(form, event.target.value === "both" ? all : texts[event.target.value].text);
    });
    const ways = [...form.querySelectorAll('[name="which"]')];
    ways.at(written === undefined ? 0 : -1).checked = true;
    layOut(form, one.newest.text);
    if (written !== undefined) form.elements.text.value = written;
    view.querySelector("[data-meanwhile]").hidden = written === undefined;
  }
  const under = one.point ? `${one.point.code} ${one.point.text}` : say("free");
  return { heading: document.getElementById("t-choose").dataset.title, under, buttons: ["choose", {}] };
}

export async function saveChoice(view, ctx, key) {
  const one = lines(ctx).find((line) => line.key === key);
  const form = view.querySelector("form");
  const texts = [one.newest, ...one.rivals];
  const which = form.elements.which.value;
  // of both, the graver answer: nothing that somebody found is made less by putting texts together
  const from = which === "both" ? (texts.find((line) => line.answer === "deficiency") ?? one.newest) : texts[which];
  const serious = which === "both" ? texts.some((line) => line.serious) : from.serious;
  const body = {
    label: one.point ? `${one.point.code} ${one.point.text}` : say("free"),
    finding_id: key,
    check_point: one.point?.code ?? null,
    answer: from.answer,
    serious: serious && from.answer === "deficiency",
    text: form.elements.text.value.trim(),
    marking: from.marking,
    observed_at: from.observed_at,
  };
  const { person_id, authority_id, operation } = ctx.evening;
  const owner = { person_id, authority_id, operation_id: operation.id, part_id: one.part.id, visit_id: one.part.visit.id };
  await putChoice(owner, key, one.newest.version, body);
}
