// The checklist's cards: each keeps itself within a second of the last stroke, and says whether it is received.
import { lay, list, make } from "./dom.js";
import { overlay } from "./evening.js";
import { shrink } from "./pictures.js";
import { putDraft, putFact, putFinding, putPhoto, remove, unsent } from "./queue.js";
import { clock, say, word } from "./words.js";

const SOON = 700;
const fresh = new Map(); // the key of a part's next free observation

export function faultOf(item) {
  if (item?.state !== "failed") return "";
  const { fields = {}, missing = [], detail, title } = item.why ?? {};
  const refusals = Object.values(fields).flat().map((one) => word(`findings.refusal.${one}`) || one);
  return [...refusals, ...missing.map((one) => word(`findings.missing.${one}`) || one)].join(" ") || detail || title || "";
}

export function stateOf(item) {
  if (!item || item.state === "draft") return item ? say("saved_phone", { at: clock(item.at) }) : "";
  return item.state === "queued" ? say("saved_phone", { at: clock(item.at) }) : say(`state_${item.state}`);
}

function ownerOf(ctx, part) {
  const { person_id, authority_id, operation } = ctx.evening;
  return { person_id, authority_id, operation_id: operation.id, part_id: part.id, visit_id: part.visit_id };
}

function standing(ctx, about, line) {
  const item = overlay(ctx.items, about);
  const typed = item && ctx.said.get(item.id);
  const stands = typed ?? line ?? {};
  const photos = ctx.items.filter((one) => one.kind === "photo" && one.finding === about && !one.covered).length;
  const n = (line?.pictures ?? 0) + photos;
  return { item, answer: stands.answer ?? "", serious: Boolean(stands.serious), text: stands.text ?? "", pictures: n };
}

function values(ctx, now, rivals, choose) {
  const rival = rivals[0];
  const name = rival && (ctx.evening.writers[rival.written_by] ?? say("someone"));
  return {
    fault: faultOf(now.item),
    state: stateOf(now.item),
    pictures: now.pictures ? say(now.pictures === 1 ? "pictures_one" : "pictures", { n: now.pictures }) : "",
    seen: say("shown_by", { name: ctx.evening.names[ctx.evening.authority_id] }),
    rivals: rival && !now.item?.settled ? say("two_texts", { name, at: clock(rival.written_at) }) : "",
    choose,
  };
}

function watch(form, save, photo) {
  let timer;
  const now = async () => {
    clearTimeout(timer);
    delete form.dataset.typing;
    await save(form);
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    form.dataset.typing = "1";
    clearTimeout(timer);
    timer = setTimeout(now, event.target.type === "radio" || event.target.type === "checkbox" ? 0 : SOON);
  });
  form.addEventListener("focusout", () => form.dataset.typing && now());
  form.addEventListener("change", (event) => event.target.type === "file" && photo?.(event.target));
}

function put(form, now, closed) {
  for (const one of form.querySelectorAll('[name="answer"][type="radio"]')) one.checked = one.value === now.answer;
  form.elements.serious.checked = now.serious;
  form.elements.text.value = now.text;
  const fold = form.querySelector("details.more-of");
  if (fold) fold.open = now.answer === "deficiency" || Boolean(now.text) || now.pictures > 0;
  if (closed) for (const one of form.elements) one.disabled = true;
}

function card(ctx, part, { about, base, point, template, shown, now, label }) {
  const made = make(template, shown);
  const form = made.querySelector("form");
  form.querySelector("fieldset").classList.toggle("q--bad", now.answer === "deficiency");
  form.querySelector("fieldset").id = `c-${about}`;
  put(form, now, part.shut);
  const save = async () => {
    const answer = form.elements.answer.value;
    const text = form.elements.text.value.trim();
    const serious = form.elements.serious.checked && answer === "deficiency";
    if (!text && !(answer && point)) return wordless();
    const body = { label, finding_id: about, check_point: point?.code ?? null, answer, serious, text, observed_at: new Date().toISOString() };
    form.querySelector("fieldset").classList.toggle("q--bad", answer === "deficiency");
    await (answer ? putFinding : putDraft)(ownerOf(ctx, part), about, base, body);
    form.querySelector(".state").textContent = say("saved_phone", { at: clock(Date.now()) });
    return undefined;
  };
  // Nothing is sent without words: a photo keeps the card where they are to be written, an emptied draft is taken away.
  const wordless = async (photos) => {
    const { items } = await ctx.now();
    const had = overlay(items, about);
    if ((had && had.state !== "draft") || base) return;
    const held = !point && (photos || items.some((one) => one.kind === "photo" && one.finding === about));
    const body = { label, finding_id: about, check_point: null, answer: form.elements.answer.value, serious: false, text: "", observed_at: new Date().toISOString() };
    if (held) await putDraft(ownerOf(ctx, part), about, base, body);
    else if (had) await remove(had.id);
  };
  const photo = async (input) => {
    for (const [n, file] of [...input.files].entries()) {
      try {
        const { bytes, type } = await shrink(file);
        if (!point && !form.elements.text.value.trim()) await wordless(true);
        await putPhoto(ownerOf(ctx, part), about, { label: `${label}: ${file.name || n + 1}`, type }, bytes);
      } catch {
        form.querySelector(".state").textContent = say("picture_fault");
      }
    }
    input.value = "";
    const n = standing(await ctx.now(), about, point?.answer).pictures;
    form.querySelector('[data-f="pictures"]').textContent = say(n === 1 ? "pictures_one" : "pictures", { n });
  };
  watch(form, save, photo);
  return form;
}

export function pointEntry(ctx, part, point) {
  const now = standing(ctx, point.key, point.answer);
  const role = point.role_required ? word(`inspector.police_role.${point.role_required}`) : "";
  const leads = point.outcomes.map((one) => word(`findings.outcome.${one}`)).join(", ");
  const words = { text: point.text, code: point.code, law: point.law, note: point.note, role, help: point.help, leads: leads && `${leads}.` };
  const shown = { ...words, verified: `${word(`findings.verified.${point.verified}`)}.`, ...values(ctx, now, point.rivals, `#choose/${point.key}`) };
  const given = { about: point.key, base: point.answer?.version ?? 0, point, template: "point", now, shown };
  const print = JSON.stringify([now.answer, now.serious, now.text, shown, part.shut, given.base]);
  return { key: point.key, print, build: () => card(ctx, part, { ...given, label: `${point.code} ${point.text}` }) };
}

// The points in their order, each run under the heading that it has.
export function pointEntries(ctx, part) {
  let last = "";
  return (part.checklist?.points ?? []).flatMap((point) => {
    const begins = (point.section ?? "") !== last && point.section;
    last = point.section ?? "";
    const words = point.section;
    const heading = { key: `section ${point.key}`, print: words, build: () => make("section", { words }).firstElementChild };
    return [...(begins ? [heading] : []), pointEntry(ctx, part, point)];
  });
}

export function freeEntries(ctx, part) {
  const lines = new Map((part.checklist?.free ?? []).map((line) => [line.finding_id, line]));
  const points = new Set((part.checklist?.points ?? []).map((point) => point.key));
  for (const item of ctx.items) {
    const free = item.kind === "finding" && item.part_id === part.id && item.body && !points.has(item.about);
    if (free && !lines.has(item.about)) lines.set(item.about, null);
  }
  if (!fresh.has(part.id) || lines.has(fresh.get(part.id))) fresh.set(part.id, crypto.randomUUID());
  const entries = [...lines].map(([about, line]) => freeEntry(ctx, part, about, line));
  return part.shut ? entries : [...entries, freeEntry(ctx, part, fresh.get(part.id), undefined)];
}

function freeEntry(ctx, part, about, line) {
  const now = standing(ctx, about, line);
  now.answer ||= "observation";
  const rivals = part.checklist?.free_rivals[about] ?? [];
  const text = line === undefined ? document.getElementById("t-free").dataset.new : say("free");
  const shown = { ...values(ctx, now, rivals, `#choose/${about}`), text };
  const given = { about, base: line?.version ?? 0, template: "free", shown, now, label: say("free") };
  const print = JSON.stringify([now.answer, now.serious, now.text, shown, part.shut, given.base]);
  return { key: about, print, build: () => card(ctx, part, given) };
}

export function factEntry(ctx, part, question) {
  const about = `${part.visit_id}:${question}`;
  const item = overlay(ctx.items, about);
  const typed = (item && ctx.said.get(item.id)?.answer) ?? "";
  const told = part.visit.facts.filter((fact) => fact.question === question);
  const shown = { question: word(`findings.question.${question}`), fault: faultOf(item), state: stateOf(item) };
  const build = () => {
    const made = make("fact", shown);
    const form = made.querySelector("form");
    form.elements.answer.value = typed;
    form.elements.answer.disabled = Boolean(part.shut);
    lay(list(made, "said"), told.map((fact) => saidEntry(ctx, fact)));
    watch(form, async () => {
      const answer = form.elements.answer.value.trim();
      if (!answer) return;
      await putFact(ownerOf(ctx, part), about, { label: shown.question, fact_id: crypto.randomUUID(), question, answer });
      form.querySelector(".state").textContent = say("saved_phone", { at: clock(Date.now()) });
    });
    return form;
  };
  return { key: about, print: JSON.stringify([shown, typed, told, part.shut]), build };
}

function saidEntry(ctx, fact) {
  const by = say("written", { name: ctx.evening.names[fact.authority_id] ?? "", at: clock(fact.at) });
  return { key: fact.id, print: by, build: () => make("said", { answer: fact.answer, by }).firstElementChild };
}

// How far a part is, with what is still on the phone.
export function tally(ctx, part) {
  const points = part.checklist?.points ?? [];
  const stand = points.map((point) => ({ point, now: standing(ctx, point.key, point.answer) }));
  const drafts = (one) => one.now.item?.state === "draft";
  const answered = stand.filter((one) => one.now.answer && !drafts(one));
  const free = freeEntries(ctx, { ...part, shut: true }).map(({ key }) => standing(ctx, key, (part.checklist?.free ?? []).find((line) => line.finding_id === key))).filter((one) => !drafts({ now: one }));
  const bad = [...answered.map((one) => one.now), ...free].filter((now) => now.answer === "deficiency");
  return {
    answered: answered.length,
    total: points.length,
    missing: stand.filter((one) => !one.now.answer || drafts(one)).map((one) => one.point),
    deficiencies: bad.length,
    serious: bad.filter((now) => now.serious).length,
    free: free.length,
    waits: ctx.items.filter((item) => item.part_id === part.id && unsent(item)).length,
  };
}
