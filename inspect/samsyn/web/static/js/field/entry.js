// Entry that was refused, and the help of the police: noted, asked for and answered without coverage like all else. What is
// refused lies in the own authority; what is asked is read by the police too, and by nobody else.
import { lay, list, make } from "./dom.js";
import { faultOf, stateOf } from "./cards.js";
import { hadRole } from "./presence.js";
import { putHelp, putHelpAnswer, putRefusal } from "./queue.js";
import { keepTyped, typedOf } from "./typed.js";
import { clock, say, word } from "./words.js";

const byTime = (one, other) => new Date(one.at) - new Date(other.at);
const says = (name, fields) => word(`assistance.says.${name}`, fields);

const isOwn = ({ evening }, item) => item.person_id === evening.person_id && item.authority_id === evening.authority_id;

// What the server has of a visit and, after it, what this person still has on the phone, in the order of its time.
function both(ctx, visit, kind, name, there) {
  const known = new Set(there.map((line) => line.id));
  const own = ctx.items.filter((item) => item.kind === kind && item.visit_id === visit.id && item.body && !item.typed && isOwn(ctx, item));
  const mine = own.map((item) => ({ ...ctx.said.get(item.id), authority_id: item.authority_id, item }));
  return [...there, ...mine.map((line) => ({ ...line, id: line[name] })).filter((line) => !known.has(line.id))].sort(byTime);
}

const refusalsOf = (ctx, visit) => both(ctx, visit, "refusal", "refusal_id", visit.refusals ?? []);
const answersOf = (ctx, visit, asked) => both(ctx, visit, "help_answer", "answer_id", asked.answers ?? []).filter((line) => !line.request_id || line.request_id === asked.id);

export function helpOf(ctx, visit) {
  const lines = both(ctx, visit, "help", "request_id", visit.help ?? []);
  return lines.map((line) => ({ ...line, answers: answersOf(ctx, visit, line) }));
}

// Those that the own authority is asked and that nobody has answered.
const toAnswer = (ctx, visit) => helpOf(ctx, visit).filter((line) => line.answers_id === ctx.evening.authority_id && !line.by_phone && !line.answers.length);

export function waitingHelp(ctx, visit) {
  if (toAnswer(ctx, visit).length) return word("assistance.phone.asked_you");
  const own = helpOf(ctx, visit).filter((line) => line.authority_id === ctx.evening.authority_id);
  return own.some((line) => !line.answers.length) ? word("assistance.phone.waits_one") : "";
}

const openParts = (ctx, visit) =>
  ["ongoing", "done"].includes(ctx.evening.operation.state) ? visit.mine.filter((part) => !part.withdrawn && part.accepted !== false && part.checklist) : [];
const openPart = (ctx, visit) => openParts(ctx, visit)[0];
const lawsOf = (ctx, visit) => [...new Map(openParts(ctx, visit).flatMap((part) => part.laws ?? []).map((law) => [law.law, law])).values()];

export const mayEnter = (ctx, visit) => Boolean(openPart(ctx, visit)) || visit.refusals?.length > 0 || visit.help?.length > 0;

function refusalEntry(ctx, line) {
  const fault = line.item ? faultOf(line.item) : "";
  const values = { name: "", says: says("refused", { by: line.by_role, at: clock(line.at) }), reason: line.said, fault, state: line.item && !fault ? stateOf(line.item) : "" };
  return { key: line.id, print: JSON.stringify(values), build: () => make("noted", values).firstElementChild };
}

function answerEntry(line) {
  const fault = line.item ? faultOf(line.item) : "";
  const over = line.presence_id ? word("assistance.went_over") : "";
  const values = { name: "", says: says(line.what, { at: clock(line.at) }), reason: [line.text, over].filter(Boolean).join(" "), fault, state: line.item && !fault ? stateOf(line.item) : "" };
  return { key: line.id, print: JSON.stringify(values), build: () => make("noted", values).firstElementChild };
}

const lawOf = (visit, code) => visit.mine.flatMap((part) => part.laws ?? []).find((law) => law.law === code);

function helpEntry(ctx, visit, line, place) {
  const it = ctx.evening;
  const mine = line.authority_id === it.authority_id;
  const answers = Boolean(openPart(ctx, visit)) && !line.item && line.answers_id === it.authority_id;
  const values = {
    section: line.section ?? lawOf(visit, line.law)?.section ?? "",
    when: clock(line.at),
    who: mine ? "" : (it.names[line.authority_id] ?? ""),
    ground: line.ground ? `${word(`assistance.ground.${line.ground}`)}.` : "",
    reason: line.reason,
    answers,
  };
  const build = () => {
    const made = make("help", values);
    const form = made.querySelector("form");
    form?.addEventListener("submit", (event) => event.preventDefault());
    const whose = () => ownerOf(shown.ctx, shown.visit);
    if (form) keepTyped(ctx, form, { about: `typed:answer:${line.id}`, kind: "help_answer", label: place, whose });
    for (const button of form?.querySelectorAll("[data-answer]") ?? []) button.addEventListener("click", () => answer(line, form, button.dataset.answer, place));
    return made.firstElementChild;
  };
  return { key: line.id, print: JSON.stringify(values), build };
}

// What changes while somebody writes in it: the card stays, its answers and its state are laid into it.
function follow(ctx, card, line) {
  const fault = line.item ? faultOf(line.item) : "";
  const put = (name, words) => {
    const into = card.querySelector(`[data-now="${name}"]`);
    into.hidden = !words;
    if (into.lastElementChild.textContent !== words) into.lastElementChild.textContent = words;
  };
  put("fault", fault);
  put("state", line.item && !fault ? stateOf(line.item) : "");
  put("none", line.answers.length ? "" : word("assistance.no_answer"));
  lay(list(card, "answers"), line.answers.map(answerEntry));
}

// What a button acts on: the newest that was read, not what stood here when the button was made.
let shown;

const ownerOf = (ctx, visit) => {
  const { person_id, authority_id, operation } = ctx.evening;
  return { person_id, authority_id, operation_id: operation.id, visit_id: visit.id };
};
const now = () => new Date().toISOString();

function wants(form, missing) {
  const wanting = form.querySelector("[data-wanting]");
  wanting.hidden = !missing;
  missing?.focus();
  return Boolean(missing);
}

const saved = (form) => (form.querySelector("[role=status]").textContent = say("saved_phone", { at: clock(Date.now()) }));

// Fields are emptied when what they say is kept, not before; a second press meanwhile is none.
const keeping = new WeakSet();
async function keep(form, put, ...fields) {
  if (keeping.has(form)) return false;
  keeping.add(form);
  try {
    await put(await typedOf(form));
    for (const field of fields) field.value = "";
    return true;
  } finally {
    keeping.delete(form);
  }
}

async function refuse(form, place) {
  const { ctx, visit } = shown;
  const { by_role: by, said } = form.elements;
  if (wants(form, by.value.trim() ? null : by)) return;
  const label = `${word("assistance.refused")}, ${place}`;
  const body = { label, refusal_id: crypto.randomUUID(), at: now(), by_role: by.value.trim(), said: said.value.trim() };
  if (await keep(form, (draft) => putRefusal(ownerOf(ctx, visit), body, draft), by, said)) saved(form);
}

async function ask(form, place) {
  const { ctx, visit } = shown;
  const { law, ground, reason } = form.elements;
  const chosen = lawOf(visit, law.value);
  const missing = !chosen ? law : chosen.conditional && !ground.value ? ground : !reason.value.trim() ? reason : null;
  if (wants(form, missing)) return;
  const refusal = refusalsOf(ctx, visit).filter((line) => line.item?.state !== "failed").at(-1);
  const label = `${word("assistance.help")}, ${place}`;
  const body = { label, request_id: crypto.randomUUID(), law: chosen.law, ground: chosen.conditional ? ground.value : null, reason: reason.value.trim(), refusal_id: refusal?.id ?? null, at: now() };
  if (await keep(form, (draft) => putHelp(ownerOf(ctx, visit), body, draft), reason)) saved(form);
}

async function answer(line, form, what, place) {
  const { ctx, visit } = shown;
  const { text } = form.elements;
  if (wants(form, what === "cannot" && !text.value.trim() ? text : null)) return;
  const label = `${word(`assistance.what.${what}`)}, ${place}`;
  const goes = what === "given" && !line.by_phone && hadRole(ctx, visit) !== "assistance";
  const body = { label, answer_id: crypto.randomUUID(), request_id: line.id, what, at: now(), text: text.value.trim(), presence_id: goes ? crypto.randomUUID() : null };
  await keep(form, (draft) => putHelpAnswer(ownerOf(ctx, visit), body, draft), text);
}

export function entry(view, ctx, id, place) {
  const visit = ctx.evening.visits.find((one) => one.id === id);
  if (!visit) return undefined;
  shown = { ctx, visit };
  const part = openPart(ctx, visit);
  const laws = lawsOf(ctx, visit);
  const name = `entry/${id}/${Boolean(part)}/${laws.length}/${ctx.evening.authority_id}/${ctx.evening.person_id}`;
  if (view.dataset.name !== name) {
    view.dataset.name = name;
    const conditional = laws.some((law) => law.conditional);
    view.replaceChildren(make("entry", { writes: Boolean(part), asks: laws.length > 0, closed: !part, conditional }));
    const [first, second] = [view.querySelector('form[name="refuse"]'), view.querySelector('form[name="ask"]')];
    for (const law of second ? laws : []) second.elements.law.append(new Option(law.section, law.law));
    if (laws.length === 1 && second) second.elements.law.value = laws[0].law;
    for (const form of [first, second]) form?.addEventListener("submit", (event) => event.preventDefault());
    const whose = () => ownerOf(shown.ctx, shown.visit);
    if (first) keepTyped(ctx, first, { about: `typed:refusal:${id}`, kind: "refusal", label: place, whose });
    if (second) keepTyped(ctx, second, { about: `typed:help:${id}`, kind: "help", label: place, whose });
    first?.querySelector("button").addEventListener("click", () => refuse(first, place));
    second?.querySelector("button").addEventListener("click", () => ask(second, place));
  }
  const refusals = refusalsOf(ctx, visit).map((line) => refusalEntry(ctx, line));
  const lines = helpOf(ctx, visit);
  const asked = lines.map((line) => helpEntry(ctx, visit, line, place));
  view.querySelector("[data-none-refused]").hidden = refusals.length > 0;
  view.querySelector("[data-none-asked]").hidden = asked.length > 0;
  lay(list(view, "refusals"), refusals);
  lay(list(view, "asked"), asked);
  lines.forEach((line, n) => follow(ctx, list(view, "asked").children[n], line));
  return { heading: document.getElementById("t-entry").dataset.title, under: place, buttons: ["checklist", {}] };
}
