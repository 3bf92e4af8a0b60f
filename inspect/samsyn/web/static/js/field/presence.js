// Who is at a visit, from when to when, and in which police role: a log, kept and sent like all else. The time is the press.
import { lay, list, make } from "./dom.js";
import { faultOf, stateOf } from "./cards.js";
import { putPresence } from "./queue.js";
import { clock, say, word } from "./words.js";

const roleWord = (role) => word(`inspector.police_role.${role}`);
const byTime = (one, other) => new Date(one.at) - new Date(other.at);

// What the server has of a visit and, after it, what is still on the phone; in the order of its time.
export function linesOf(ctx, visit) {
  const there = new Set(visit.presence.map((line) => line.id));
  const own = ctx.items.filter((item) => item.kind === "presence" && item.visit_id === visit.id && item.body);
  const mine = [...own.map((item) => ({ ...ctx.said.get(item.id), authority_id: item.authority_id, item })), ...wentOver(ctx, visit)];
  return [...visit.presence, ...mine.filter((line) => !there.has(line.presence_id))].sort(byTime);
}

// Help that is given, and still on the phone, takes the officer over to the role of helping.
function wentOver(ctx, visit) {
  const given = ctx.items.filter((item) => item.kind === "help_answer" && item.visit_id === visit.id && item.body && ctx.said.get(item.id)?.presence_id);
  return given.map((item) => {
    const { presence_id, at } = ctx.said.get(item.id);
    const reason = word("assistance.role_reason");
    return { presence_id, what: "role", police_role: "assistance", reason, at, person_id: item.person_id, authority_id: item.authority_id, item };
  });
}

export function roleOf(ctx, visit) {
  const part = visit.mine.find((one) => one.of_police);
  const changes = linesOf(ctx, visit).filter((line) => line.what === "role" && line.person_id === ctx.evening.person_id);
  return part && (changes.at(-1)?.police_role ?? part.police_role);
}

export const hadRole = roleOf;

export const actsAs = (ctx, visit) => {
  const role = roleOf(ctx, visit);
  return role ? word("presence.phone.acts", { role: roleWord(role) }) : "";
};

export function isHere(ctx, visit, person) {
  return linesOf(ctx, visit).filter((line) => line.what !== "role" && line.person_id === person).at(-1)?.what === "came";
}

export function hereNow(ctx, visit) {
  const people = new Set(linesOf(ctx, visit).map((line) => line.person_id));
  const n = [...people].filter((person) => isHere(ctx, visit, person)).length;
  return n ? word("presence.phone.present", { n }) : "";
}

function lineEntry(ctx, line) {
  const it = ctx.evening;
  const person = it.people.find((one) => one.person_id === line.person_id);
  const name = person?.shown_name || it.names[line.authority_id] || "";
  const says = word(`presence.says.${line.what}`, { at: clock(line.at), role: line.police_role ? roleWord(line.police_role) : "" });
  const fault = line.item ? faultOf(line.item) : "";
  const values = { name, says, reason: line.reason ?? "", fault, state: line.item && !fault ? stateOf(line.item) : "" };
  return { key: line.id ?? line.presence_id, print: JSON.stringify(values), build: () => make("noted", values).firstElementChild };
}

// Open while the operation goes on and until everybody has handed in, for those who have a part that was not declined.
export const mayNote = (ctx, visit) =>
  ["ongoing", "done"].includes(ctx.evening.operation.state) && visit.mine.some((part) => !part.withdrawn && part.accepted !== false && part.checklist);

export function presence(view, ctx, id, place) {
  const it = ctx.evening;
  const visit = it.visits.find((one) => one.id === id);
  if (!visit) return undefined;
  const own = it.people.filter((one) => one.authority_id === it.authority_id && one.person_id !== it.person_id);
  const notes = mayNote(ctx, visit);
  const police = notes && visit.mine.some((part) => part.of_police);
  const name = `presence/${id}/${notes}/${police}`;
  if (view.dataset.name !== name) {
    view.dataset.name = name;
    view.replaceChildren(make("presence", { notes, closed: !notes, police, others: own.length }));
    const form = view.querySelector("form");
    const who = form?.elements.person;
    for (const one of who ? own : []) who.append(new Option(one.shown_name || it.names[one.authority_id], one.person_id));
    form?.addEventListener("submit", (event) => event.preventDefault());
    for (const button of form?.querySelectorAll("[data-note]") ?? []) button.addEventListener("click", () => note(ctx, visit, form, button.dataset.note, place));
  }
  for (const one of view.querySelectorAll('[data-f="acts"]')) one.textContent = actsAs(ctx, visit);
  const lines = linesOf(ctx, visit).map((line) => lineEntry(ctx, line));
  view.querySelector("[data-none]").hidden = lines.length > 0;
  lay(list(view, "lines"), lines);
  return { heading: document.getElementById("t-presence").dataset.title, under: place, buttons: ["checklist", {}] };
}

async function note(ctx, visit, form, what, place) {
  const it = ctx.evening;
  const { police_role: role, reason, person } = form.elements;
  const changes = what === "role";
  const wanting = form.querySelector("[data-wanting]");
  if (wanting) wanting.hidden = !changes || Boolean(role.value && reason.value.trim());
  if (wanting && !wanting.hidden) {
    (role.value ? reason : role).focus();
    return;
  }
  const person_id = person?.value || it.person_id;
  const owner = { person_id: it.person_id, authority_id: it.authority_id, operation_id: it.operation.id, visit_id: visit.id };
  const more = changes ? { police_role: role.value, reason: reason.value.trim() } : {};
  const label = `${word(`presence.what.${what}`)}, ${place}`;
  await putPresence(owner, { label, presence_id: crypto.randomUUID(), what, at: new Date().toISOString(), person_id, ...more });
  if (changes) [role.value, reason.value] = ["", ""];
  if (person) person.value = "";
  form.querySelector("[role=status]").textContent = say("saved_phone", { at: clock(Date.now()) });
}
