// The packed evening: fetched in one answer, kept encrypted until it must go, and laid under what was written since.
import { cover, receivedNow } from "./queue.js";
import { known } from "./sending.js";
import { bodyOf, forgetReading, keep, kept, nameOf } from "./store.js";
import { language } from "./words.js";

const PATIENCE = 60_000;

// Returns the answer's status; 0 where none came.
export async function fetchEvening(operation) {
  const before = await receivedNow();
  const signal = AbortSignal.timeout(PATIENCE);
  let value;
  try {
    const answer = await fetch(`/api/v1/operations/${operation}/evening?lang=${language}`, { cache: "no-store", signal });
    if (!answer.ok) return answer.status;
    value = await answer.json();
  } catch {
    return 0; // no contact: what is packed stands
  }
  const until = Date.now() + (new Date(value.keep_until) - new Date(value.fetched_at)); // by this phone's own clock
  const clear = { until, operation_id: operation, person_id: value.person_id, authority_id: value.authority_id };
  await keep("evening", value, clear);
  await cover(before);
  return 200;
}

export async function readEvening() {
  const found = await kept("evening");
  if (!found) return undefined;
  if (found.clear.until < Date.now()) {
    await forgetReading();
    return undefined;
  }
  known.clear();
  for (const finding of findings(found.value)) known.add(finding);
  return { ...found.value, until: found.clear.until };
}

function* findings(evening) {
  for (const { checklist } of parts(evening)) {
    for (const point of checklist?.points ?? []) if (point.answer) yield point.answer.finding_id;
    for (const line of checklist?.free ?? []) yield line.finding_id;
  }
}

export function* parts(evening) {
  for (const visit of evening.visits) for (const part of visit.mine) yield { ...part, visit };
}

export const partOf = (evening, id) => [...parts(evening)].find((part) => part.id === id);
export const placeOf = (visit, words) => visit.target?.name ?? words;

const bodies = new Map();
// What the items say, by item: read once for each change of it.
export async function said(items) {
  const found = new Map();
  for (const item of items) {
    const at = `${item.id} ${item.at} ${Boolean(item.body)}`;
    if (!bodies.has(at)) bodies.set(at, { ...(await nameOf(item)), ...(item.body && (await bodyOf(item))) });
    found.set(item.id, bodies.get(at));
  }
  return found;
}

// The newest of one's own that the packed evening does not show yet.
export const overlay = (items, about) => items.filter((item) => item.about === about && item.body).at(-1);
