// Sends what waits, one at a time and in order: words first, then pictures whose answer is received, then a hand-in when
// nothing else of its part waits. Tried when the phone comes back, is looked at, or something is written, and by hand.
import { blobOf, bodyOf, items, nameOf } from "./store.js";
import { large, upload } from "./uploading.js";
import { markFailed, markReceived, markSent, markWaiting, unsent } from "./queue.js";

const PATIENCE = { words: 30_000, photo: 120_000 };
export const heard = new EventTarget(); // "ended", "other", "contact", "away"
const tell = (type, detail) => heard.dispatchEvent(new CustomEvent(type, { detail }));
export const state = { sending: false, session: null, pause: 0 };
// How long the phone waits before it tries by itself after no receipt came: doubled each time, at most a minute.
const longer = () => (state.pause = Math.min(Math.max(3_000, 2 * state.pause), 60_000));
export const known = new Set(); // findings that the server has, as the packed evening says

export async function session() {
  try {
    const answer = await fetch("/api/v1/field-session", { cache: "no-store", signal: AbortSignal.timeout(15_000) });
    if (answer.status === 401) tell("ended");
    else if (!answer.ok) tell("away");
    state.session = answer.ok ? await answer.json() : null;
    if (state.session) tell("contact", state.session);
  } catch {
    state.session = null;
    tell("away");
  }
  return state.session;
}

function where(item) {
  if (item.kind === "finding") return `/api/v1/parts/${item.part_id}/findings`;
  if (item.kind === "photo") return `/api/v1/findings/${item.finding}/evidence`;
  if (item.kind === "fact") return `/api/v1/visits/${item.visit_id}/facts`;
  if (item.kind === "presence") return `/api/v1/visits/${item.visit_id}/presence`;
  if (item.kind === "refusal") return `/api/v1/visits/${item.visit_id}/refusals`;
  if (item.kind === "help") return `/api/v1/visits/${item.visit_id}/help-requests`;
  if (item.kind === "help_answer") return `/api/v1/visits/${item.visit_id}/help-answers`;
  if (item.kind === "end") return `/api/v1/visits/${item.visit_id}/end`;
  return `/api/v1/parts/${item.part_id}/hand-in`;
}

async function content(item) {
  const body = await bodyOf(item);
  if (item.kind !== "photo") {
    const sent = item.kind === "finding" ? { ...body, base_version: item.base } : body;
    return { body: JSON.stringify(sent), headers: { "Content-Type": "application/json" } };
  }
  const form = new FormData();
  form.append("file", new Blob([await blobOf(item)], { type: body.type }), "photo");
  return { body: form, headers: {} };
}

// Why an item is not to be sent yet; null: now.
export function held(item, all, who) {
  if (who && (item.person_id !== who.person_id || item.authority_id !== who.authority_id)) return "other";
  if (who?.operation_id && who.operation_id !== item.operation_id) return "waits_other";
  const before = all.filter((one) => unsent(one) && one.id !== item.id);
  if (item.about && before.some((one) => one.about === item.about && one.seq < item.seq && one.state !== "failed")) return "waits_answer";
  if (item.kind === "photo") {
    const there = known.has(item.finding) || all.some((one) => one.about === item.finding && one.receipt);
    if (!there || before.some((one) => one.kind === "finding" && one.about === item.finding)) return "waits_answer";
  }
  if (item.kind === "hand_in" && before.some((one) => one.part_id === item.part_id && one.kind !== "hand_in")) return "waits_rest";
  return null;
}

// A change of police role goes first: an answer is held against the role in which it was seen. A request names the refusal
// that it is about, and somebody waits for it.
const ORDER = ["presence", "refusal", "help", "help_answer", "finding", "fact", "end", "photo", "hand_in"];
function next(all, who, tried) {
  const able = all.filter((item) => ["queued", "sent"].includes(item.state) && !tried.has(item.id) && !held(item, all, who));
  return able.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || one.seq - other.seq)[0];
}

// Returns whether the round may go on.
async function send(item, all, who) {
  const marked = await markSent(item, all);
  const bytes = item.kind === "photo" ? await blobOf(marked) : undefined;
  const { body, headers } = bytes && large(bytes) ? {} : await content(marked);
  const signal = AbortSignal.timeout(item.kind === "photo" ? PATIENCE.photo : PATIENCE.words);
  const own = { "Idempotency-Key": item.id, "X-CSRFToken": who.csrf_token, Accept: "application/json" };
  let answer;
  let said;
  try {
    answer = body ? await fetch(where(marked), { method: "POST", body, headers: { ...headers, ...own }, signal }) : await upload(marked, bytes, own);
    said = await answer.json();
  } catch {
    longer();
    await markWaiting(item.id, { code: "network" });
    tell("away");
    return false;
  }
  if (answer.ok) {
    state.pause = 0;
    await markReceived(item.id, { version: said.version, conflict: said.conflict === true });
    return true;
  }
  if (answer.status === 401) {
    await markWaiting(item.id, { code: "not_known" });
    tell("ended");
    return false;
  }
  const passing = answer.status >= 500 || answer.status === 429 || said.code === "form_expired";
  if (passing) longer();
  if (passing) await markWaiting(item.id, { code: said.code, title: said.title });
  else await markFailed(item.id, { code: said.code, title: said.title, detail: said.detail, fields: said.fields, missing: said.missing, maskable: said.maskable });
  return !passing;
}

async function round() {
  state.sending = true;
  const tried = new Set();
  let got = 0;
  let who = null;
  try {
    for (;;) {
      const all = await items();
      if (!next(all, null, tried)) break;
      who ??= await session();
      const item = who && next(all, who, tried);
      if (!item) break;
      tried.add(item.id);
      if (!(await send(item, all, who))) break;
      got += 1;
    }
  } finally {
    state.sending = false;
  }
  return got;
}

// What is left of a session that was ended goes into quarantine, where somebody of the authority looks at it: whether and
// until when, the server says. Nothing leaves the phone before the receipt here either.
export async function lateState() {
  try {
    const answer = await fetch("/api/v1/quarantine", { cache: "no-store", signal: AbortSignal.timeout(15_000) });
    if (answer.status === 410) return { over: "too_late" };
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

async function sendOneLate(item) {
  const { label } = await nameOf(item);
  const words = await bodyOf(item);
  const body = item.kind === "photo" ? {} : item.kind === "finding" ? { ...words, base_version: item.base } : words;
  const ids = { visit_id: item.visit_id, part_id: item.part_id ?? null, finding_id: item.finding ?? null };
  const form = new FormData();
  form.append("item", JSON.stringify({ id: item.id, what: item.kind, ...ids, made_at: new Date(item.at).toISOString(), label: label ?? "", body }));
  if (item.kind === "photo") form.append("file", new Blob([await blobOf(item)], { type: words.type }), "photo");
  const headers = { "X-Samsyn-Field": "1", Accept: "application/json" };
  const answer = await fetch("/api/v1/quarantine", { method: "POST", body: form, headers, signal: AbortSignal.timeout(PATIENCE.photo) });
  return [answer, await answer.json()];
}

async function lateRound(who) {
  state.sending = true;
  let got = 0;
  try {
    const mine = (item) => item.person_id === who.person_id && item.authority_id === who.authority_id && item.operation_id === who.operation_id;
    const all = (await items()).filter((item) => ["queued", "sent"].includes(item.state) && mine(item));
    for (const item of all.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || one.seq - other.seq)) {
      const [answer, said] = await sendOneLate(await markSent(item, await items()));
      if (answer.ok) got += Boolean(await markReceived(item.id, { late: true }));
      else if (answer.status >= 500 || answer.status === 429) await markWaiting(item.id, { code: said.code, title: said.title });
      else if (answer.status === 410) {
        await markWaiting(item.id, { code: said.code, title: said.title });
        tell("late", { over: "too_late" });
        break;
      } else await markFailed(item.id, { code: said.code, title: said.title, detail: said.detail, fields: said.fields, missing: said.missing, maskable: said.maskable });
    }
  } catch {
    for (const item of await items()) if (item.state === "sent") await markWaiting(item.id, { code: "network" });
    tell("away");
  } finally {
    state.sending = false;
  }
  return got;
}

export function sendLate(who) {
  return navigator.locks.request("samsyn-field-send", { ifAvailable: true }, (lock) => (lock ? lateRound(who) : 0));
}

// One round at a time over all windows of this phone; returns how many receipts came.
export function sendAll() {
  return navigator.locks.request("samsyn-field-send", { ifAvailable: true }, (lock) => (lock ? round() : 0));
}
