// What was written and is on its way. One item is one request under one key, made here and never changed once it was
// tried: sent again it is the same request, so the server writes it once. What is written anew before the first try takes
// the place of what waits; after it, it is an item of its own. Nothing leaves before the server's receipt.
import { seal, sealed } from "./seal.js";
import { db, items, key } from "./store.js";

export const changed = new EventTarget();
const tell = () => changed.dispatchEvent(new Event("change"));
export const unsent = (item) => item.state !== "received";

// replaces: what the draft of it is of, that goes in the same step.
async function put(record, { label, ...body }, bytes, replaces) {
  const unsentKey = await key("unsent");
  record.name = await sealed(unsentKey, { label }); // stays when the content goes, so that the list says what came
  record.body = await sealed(unsentKey, body);
  const blob = bytes && (await seal(unsentKey, bytes));
  const tx = (await db).transaction(["queue", "blobs"], "readwrite", { durability: "strict" });
  const queue = tx.objectStore("queue");
  const all = (await queue.getAll()).sort((one, other) => one.seq - other.seq);
  for (const draft of replaces ? all.filter((item) => item.about === replaces && item.state === "draft") : []) await queue.delete(draft.id);
  const last = record.about ? all.filter((item) => item.about === record.about && unsent(item)).at(-1) : undefined;
  const seq = (all.at(-1)?.seq ?? 0) + 1;
  const untried = last?.state === "queued" && !last.tries;
  if (untried) Object.assign(record, { id: last.id, seq: last.seq, base: record.settled ? record.base : last.base });
  else Object.assign(record, { id: crypto.randomUUID(), seq });
  if (["failed", "draft"].includes(last?.state)) await queue.delete(last.id); // what replaces it says all that it said
  await queue.put({ state: "queued", ...record, tries: 0, at: Date.now() });
  if (blob) await tx.objectStore("blobs").put(blob, record.id);
  await tx.done;
  tell();
  return record.id;
}

// about: what one thing it is of, so that a later word on it replaces one that still waits untried; null: never replaced.
// base: the version that its writer had seen.
export const putFinding = (owner, about, base, body) => put({ ...owner, kind: "finding", about, base }, body);
// A text at a point that has no answer yet: kept like all else, and not to be sent.
export const putDraft = (owner, about, base, body) => put({ ...owner, kind: "finding", state: "draft", about, base }, body);
// What was chosen of two texts: its base is the newest, for whoever chose has seen them all.
export const putChoice = (owner, about, base, body) => put({ ...owner, kind: "finding", about, base, settled: true }, body);
export const putFact = (owner, about, body) => put({ ...owner, kind: "fact", about }, body);
export const putPresence = (owner, body) => put({ ...owner, kind: "presence", about: null }, body);
export const putRefusal = (owner, body, draft) => put({ ...owner, kind: "refusal", about: null }, body, undefined, draft);
export const putHelp = (owner, body, draft) => put({ ...owner, kind: "help", about: null }, body, undefined, draft);
export const putHelpAnswer = (owner, body, draft) => put({ ...owner, kind: "help_answer", about: null }, body, undefined, draft);
// What is typed into a form that a press sends: kept while it is typed, and not to be sent.
export const putTyped = (owner, kind, about, body) => put({ ...owner, kind, state: "draft", about, typed: true }, body);
export const putEnd = (owner, about, body) => put({ ...owner, kind: "end", about }, body);
export const putHandIn = (owner, about, body) => put({ ...owner, kind: "hand_in", about }, body);
export const putPhoto = (owner, finding, body, bytes) => put({ ...owner, kind: "photo", about: null, finding }, body, bytes);

async function change(id, how) {
  const tx = (await db).transaction("queue", "readwrite", { durability: "strict" });
  const item = await tx.store.get(id);
  if (item) await tx.store.put(Object.assign(item, how(item)));
  await tx.done;
  tell();
  return item;
}

// The base of a finding is settled at its first try: an own version that was received meanwhile has been seen, unless it
// stands in a conflict, whose other text has not.
export function baseOf(item, all) {
  const own = all.filter((one) => one.kind === "finding" && one.about === item.about && one.seq < item.seq && one.receipt);
  const last = own.at(-1);
  if (!last || item.settled) return item.base;
  return last.receipt.conflict ? Math.max(item.base, last.base) : Math.max(item.base, last.receipt.version);
}

export function markSent(item, all) {
  const base = item.tries ? item.base : baseOf(item, all);
  return change(item.id, (one) => ({ state: "sent", tries: one.tries + 1, ...(item.kind === "finding" && { base }) }));
}

// How much of a photo that goes in parts the server has: shown while it goes, and after it was cut off.
export const markParts = (id, done, of) => change(id, () => ({ parts: { done, of } }));
export const markReceived = (id, receipt) => change(id, () => ({ state: "received", receipt, why: null, got: Date.now() }));
export const markFailed = (id, why) => change(id, () => ({ state: "failed", why }));
export const markWaiting = (id, why) => change(id, (one) => (one.state === "sent" ? { state: "queued", why } : {}));

// A refusal wrote nothing, and the same content under the same key would be refused again as it was: a new try is a new key.
export async function again(item, body) {
  const record = { ...item, about: item.about, why: null };
  const tx = (await db).transaction(["queue", "blobs"], "readwrite");
  const [queue, blobs] = [tx.objectStore("queue"), tx.objectStore("blobs")];
  record.id = crypto.randomUUID();
  const blob = await blobs.get(item.id);
  if (blob) await blobs.put(blob, record.id);
  await queue.delete(item.id);
  await blobs.delete(item.id);
  await queue.put({ ...record, body: body || item.body, state: "queued", tries: 0, at: Date.now() });
  await tx.done;
  tell();
}

export async function remove(id) {
  const tx = (await db).transaction(["queue", "blobs"], "readwrite");
  await Promise.all([tx.objectStore("queue").delete(id), tx.objectStore("blobs").delete(id), tx.done]);
  tell();
}

// What was received says nothing more to a phone whose session is over.
export async function forgetReceived() {
  const tx = (await db).transaction("queue", "readwrite");
  for (const item of await tx.store.getAll()) if (!unsent(item)) await tx.store.delete(item.id);
  await tx.done;
  tell();
}

// After the evening was fetched anew it shows what was received before: its content need not stay on the phone.
export async function cover(ids) {
  const tx = (await db).transaction(["queue", "blobs"], "readwrite");
  for (const id of ids) {
    const item = await tx.objectStore("queue").get(id);
    if (item?.state !== "received") continue;
    await tx.objectStore("queue").put({ ...item, covered: true, body: null });
    await tx.objectStore("blobs").delete(id);
  }
  await tx.done;
  tell();
}

export async function receivedNow() {
  return (await items()).filter((item) => item.state === "received" && !item.covered).map((item) => item.id);
}
