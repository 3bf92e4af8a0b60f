// The page's views: the evening, a checklist, handing in, the end of a visit. Each says its heading, fills the middle of
// the page and the buttons at the foot; what the address says after # chooses between them.
import { freeEntries, factEntry, pointEntries, tally } from "./cards.js";
import { lay, list, make } from "./dom.js";
import { entry, mayEnter, waitingHelp } from "./entry.js";
import { partOf, parts, placeOf } from "./evening.js";
import { actsAs, hereNow, mayNote, presence } from "./presence.js";
import { putEnd, putHandIn, unsent } from "./queue.js";
import { clock, day, say, word } from "./words.js";

const QUESTIONS = ["who_was_met", "identity_shown", "opening_hours", "operator_confirmed"];
const once = (view, name, values) => {
  if (view.dataset.name !== name) {
    view.dataset.name = name;
    view.replaceChildren(make(name.split("/")[0], values));
  }
  for (const one of view.querySelectorAll("[data-f]")) {
    if (!one.closest("[data-key]") && values[one.dataset.f] !== undefined) one.textContent = values[one.dataset.f];
  }
};
const hidden = (evening) => word("inspector.place.hidden", { code_word: evening.operation.code_word });
const titleOf = (evening) => word("inspector.tonight.operation", { code_word: evening.operation.code_word });
const owner = (evening, rest) => ({ person_id: evening.person_id, authority_id: evening.authority_id, operation_id: evening.operation.id, ...rest });
const pending = (ctx, about) => ctx.items.find((item) => item.about === about && unsent(item));

export function nothing(view) {
  once(view, "nothing", {});
  return { heading: document.title.split(" – ")[0], buttons: null };
}

export function evening(view, ctx) {
  const it = ctx.evening;
  const lead = it.people.find((person) => person.lead);
  const done = it.visits.filter((visit) => ended(ctx, visit)).length;
  const values = {
    safety: it.order?.safety_note,
    stop_word: it.order?.stop_word,
    meets: `${day(it.operation.meets_at ?? it.operation.starts_at)} ${clock(it.operation.meets_at ?? it.operation.starts_at)}`,
    place: it.operation.meeting_place ?? word("inspector.tonight.no_place"),
    lead: [lead?.shown_name, it.names[it.operation.lead_id]].filter(Boolean).join(", "),
    lead_phone: lead?.phone,
    lead_tel: lead?.dialled && `tel:${lead.dialled}`,
    n_people: it.people.length,
    visits_done: say("visits_done", { done, total: it.visits.length }),
  };
  once(view, "evening", values);
  lay(list(view, "people"), it.people.map((person) => personEntry(it, person)));
  lay(list(view, "visits"), it.visits.map((visit) => visitEntry(ctx, visit)));
  const heading = it.order?.title ?? titleOf(it);
  const under = `${it.order?.title ? `${titleOf(it)}, ` : ""}${day(it.operation.starts_at)}`;
  return { heading, under, buttons: ["evening", values] };
}

function personEntry(it, person) {
  const office = it.names[person.authority_id] ?? "";
  const values = { name: person.shown_name || office, office: person.shown_name ? office : "", phone: person.phone, tel: person.dialled && `tel:${person.dialled}` };
  return { key: person.person_id, print: JSON.stringify(values), build: () => make("person", values).firstElementChild };
}

const whereOf = (visit) => `${visit.target ? `${visit.target.address}, ` : ""}${clock(visit.starts_at)}–${clock(visit.ends_at)}`;
const ended = (ctx, visit) => visit.state !== "planned" || pending(ctx, `end:${visit.id}`);

function visitEntry(ctx, visit) {
  const it = ctx.evening;
  const end = pending(ctx, `end:${visit.id}`);
  const state = visit.state !== "planned" ? visit.state : end && ctx.said.get(end.id)?.state;
  const at = visit.ended_at ?? (end && ctx.said.get(end.id)?.ended_at);
  const over = new Date(visit.opens_at) > Date.now() ? say("opens", { at: `${day(visit.opens_at)} ${clock(visit.opens_at)}` }) : "";
  const values = {
    name: placeOf(visit, say("hidden")),
    where: visit.target ? `${visit.target.address},` : over,
    when: `${clock(visit.starts_at)}–${clock(visit.ends_at)}`,
    ended: state && `${word(`inspector.visit_state.${state}`)} ${clock(at)}`,
    did: Boolean(state),
    now: visit.now && !state,
    safety: visit.target?.safety_note,
    may_end: it.leads && !state,
    end: `#end/${visit.id}`,
    notes: mayNote(ctx, visit) || visit.presence.length > 0,
    presence: `#presence/${visit.id}`,
    here: hereNow(ctx, visit),
    enters: mayEnter(ctx, visit),
    entry: `#entry/${visit.id}`,
    waits: waitingHelp(ctx, visit),
  };
  const rows = visit.mine.map((part) => partEntry(ctx, { ...part, visit }));
  const build = () => {
    const made = make("visit", values);
    for (const one of visit.present) {
      made.querySelector(".crew").append(make("square", { ...one, name: it.names[one.authority_id] }));
    }
    lay(list(made, "parts"), rows);
    return made.firstElementChild;
  };
  return { key: visit.id, print: JSON.stringify([values, visit.present, rows.map((row) => row.print)]), build };
}

function partEntry(ctx, part) {
  const { answered, free } = tally(ctx, part);
  const n = answered + free;
  const handed = part.handed_in || pending(ctx, `hand:${part.id}`);
  const go = n ? say(n === 1 ? "go_on_one" : "go_on", { n }) : say("open_list");
  const values = { handed_in: handed && say(part.handed_in ? "handed_in" : "kind_hand_in"), href: `#part/${part.id}`, words: handed ? say("read_list") : go, of: ` ${placeOf(part.visit, "")}` };
  return { key: part.id, print: JSON.stringify(values), build: () => make("part", values).firstElementChild };
}

// Why nothing may be written at a part now; "" when it may. An end or a hand-in that waits shuts nothing but the hand-in.
function shutBecause(ctx, part) {
  if (pending(ctx, `hand:${part.id}`)) return say("kind_hand_in");
  return part.closed.map((one) => word(`findings.missing.${one}`)).join(" ");
}

export function checklist(view, ctx, id) {
  const found = partOf(ctx.evening, id);
  if (!found) return evening(view, ctx);
  const closed = shutBecause(ctx, found);
  const part = { ...found, shut: Boolean(closed) };
  const { answered, total } = tally(ctx, part);
  const progress = say("answered", { answered, total });
  const title = part.checklist?.title || (part.checklist ? say("free") : say("not_read"));
  const shown = { closed, warning: part.checklist?.warning, title, letter: part.letter, colour: part.colour, progress };
  const acts = part.of_police ? actsAs(ctx, part.visit) : "";
  once(view, `checklist/${id}/${part.shut}/${Boolean(acts)}`, { ...shown, acts, presence: `#presence/${part.visit.id}` });
  Object.assign(view.querySelector("#progress"), { max: Math.max(total, 1), value: answered });
  lay(list(view, "points"), pointEntries(ctx, part));
  lay(list(view, "free"), part.checklist ? freeEntries(ctx, part) : []);
  lay(list(view, "facts"), part.checklist ? QUESTIONS.map((question) => factEntry(ctx, part, question)) : []);
  const hand = !closed && { hand_in: `#hand-in/${id}` };
  return { heading: placeOf(part.visit, hidden(ctx.evening)), under: whereOf(part.visit), buttons: ["checklist", hand || {}] };
}

export function handIn(view, ctx, id) {
  const part = partOf(ctx.evening, id);
  if (!part || shutBecause(ctx, part)) return checklist(view, ctx, id);
  const n = tally(ctx, part);
  const missing = n.missing.length ? say("hand_in_missing", { n: n.missing.length }) : say("hand_in_all");
  const empty = !n.answered && !n.free;
  once(view, `hand-in/${id}/${empty}`, { ...n, missing, empty });
  const rows = n.missing.map((point) => ({ key: point.key, values: { code: point.code, text: point.text, href: `#part/${id}/${point.key}` } }));
  lay(list(view, "not_checked"), rows.map(({ key, values }) => ({ key, print: "", build: () => make("missing", values).firstElementChild })));
  view.querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const nothing_to_report = Boolean(event.target.elements.nothing?.checked);
    await putHandIn(owner(ctx.evening, { part_id: id, visit_id: part.visit.id }), `hand:${id}`, { label: placeOf(part.visit, hidden(ctx.evening)), nothing_to_report });
    location.hash = "#";
  };
  return { heading: document.getElementById("t-hand-in").dataset.title, under: placeOf(part.visit, hidden(ctx.evening)), buttons: ["checklist", {}] };
}

export function atVisit(view, ctx, id) {
  const visit = ctx.evening.visits.find((one) => one.id === id);
  return (visit && presence(view, ctx, id, placeOf(visit, hidden(ctx.evening)))) ?? evening(view, ctx);
}

export function atEntry(view, ctx, id) {
  const visit = ctx.evening.visits.find((one) => one.id === id);
  return (visit && entry(view, ctx, id, placeOf(visit, hidden(ctx.evening)))) ?? evening(view, ctx);
}

export function end(view, ctx, id) {
  const visit = ctx.evening.visits.find((one) => one.id === id);
  if (!visit || ended(ctx, visit)) return evening(view, ctx);
  once(view, `end/${id}`, {});
  view.querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const body = { label: placeOf(visit, hidden(ctx.evening)), state: event.target.elements.state.value, ended_at: new Date().toISOString() };
    await putEnd(owner(ctx.evening, { visit_id: id }), `end:${id}`, body);
    location.hash = "#";
  };
  return { heading: document.getElementById("t-end").dataset.title, under: placeOf(visit, hidden(ctx.evening)), buttons: ["checklist", {}] };
}

export const lines = (ctx) => [...parts(ctx.evening)].flatMap((part) => {
  const points = (part.checklist?.points ?? []).map((point) => ({ key: point.key, part, point, newest: point.answer, rivals: point.rivals }));
  const free = (part.checklist?.free ?? []).map((line) => ({ key: line.finding_id, part, newest: line, rivals: part.checklist.free_rivals[line.finding_id] ?? [] }));
  return [...points, ...free];
});
