// The phone's page: reads what is packed, shows it, keeps what is written, and sends it when there is coverage.
import { choose, saveChoice } from "./choosing.js";
import { make } from "./dom.js";
import { fetchEvening, readEvening, said } from "./evening.js";
import { changed, forgetReceived, unsent } from "./queue.js";
import { nameOf, needs, queue, waits } from "./queue-view.js";
import { heard, lateState, sendAll, sendLate, session, state } from "./sending.js";
import { forgetAll, forgetReading, items, kept } from "./store.js";
import { atEntry, atVisit, checklist, end, evening, handIn, nothing } from "./views.js";
import { clock, say } from "./words.js";

const REFRESH = 60_000;
const view = document.getElementById("view");
const now = { away: !navigator.onLine, ended: false, other: 0, fetched: 0, leaving: false };
let ctx = { evening: undefined, items: [], said: new Map(), now: read };

async function read() {
  const found = await items();
  ctx = { evening: await readEvening(), items: found, said: await said(found), now: read, late: now.ended && now.late };
  return ctx;
}

function strip() {
  const [n, wanting] = [waits(ctx).length, needs(ctx)];
  const more = wanting ? ` ${say("needs", { n: wanting })}` : "";
  if (now.cannot) return ["danger", say("cannot_keep", { why: now.cannot })];
  if (now.refused) return ["danger", now.refused];
  const left = now.leaving ? ctx.items.filter(unsent) : [];
  if (left.length) return ["danger", `${say("out_refused")} ${left.map((item) => nameOf(ctx, item)).join("; ")}`];
  if (now.other) return ["warning", say("other_person", { n: now.other })];
  if (now.ended && n && now.late?.over === "too_late") return ["danger", say("too_late", { n })];
  if (now.ended) return ["warning", n ? say("ended", { n }) : say("ended_none")];
  if (now.away) return ["warning", (n ? say("offline", { n }) : say("offline_none")) + more];
  if (wanting || n) return ["warning", (state.sending ? say("sending", { n }) : n ? say("to_send", { n }) : "") + more];
  return ctx.evening ? ["success", say("ready", { until: clock(ctx.evening.until) })] : ["info", ""];
}

function foot() {
  const last = ctx.items.filter((item) => item.state === "received").at(-1);
  const mine = ctx.items.filter(unsent).at(-1);
  if (mine) return say("saved_phone", { at: clock(mine.at) });
  if (last) return say("all_sent", { at: clock(last.got) });
  return ctx.evening ? say("fetched", { at: clock(ctx.evening.fetched_at) }) : "";
}

const set = (node, text) => node.textContent !== text && (node.textContent = text);

function render() {
  const [name, id, place] = decodeURIComponent(location.hash.slice(1)).split("/");
  let shown;
  if (name === "queue") shown = queue(view, ctx);
  else if (!ctx.evening) shown = nothing(view);
  else if (name === "part") shown = checklist(view, ctx, id);
  else if (name === "hand-in") shown = handIn(view, ctx, id);
  else if (name === "presence") shown = atVisit(view, ctx, id);
  else if (name === "entry") shown = atEntry(view, ctx, id);
  else if (name === "end") shown = end(view, ctx, id);
  else if (name === "choose") shown = choose(view, ctx, id) ?? queue(view, ctx);
  else shown = evening(view, ctx);
  heading(shown);
  const [color, words] = strip();
  document.getElementById("strip").dataset.color = color;
  set(document.querySelector("#strip p"), words);
  set(document.getElementById("saved"), foot());
  buttons(shown.buttons);
  const back = document.querySelector("[data-back]");
  back.hidden = !name;
  back.href = name === "choose" ? "#queue" : name === "hand-in" ? `#part/${id}` : "#";
  return place;
}

function heading({ heading: words, under }) {
  const [into, small] = [document.getElementById("heading"), document.createElement("small")];
  small.textContent = under ?? "";
  if (into.textContent !== words + small.textContent) into.replaceChildren(words, ...(under ? [small] : []));
}

function buttons(wanted) {
  const row = document.getElementById("buttons");
  const print = JSON.stringify(wanted);
  if (row.dataset.print === print) return;
  row.dataset.print = print;
  row.replaceChildren(...(wanted ? [make(`buttons-${wanted[0]}`, wanted[1])] : []));
}

let drawing = Promise.resolve();
const show = () => (drawing = drawing.then(read).then(render).catch(failed));

function failed(error) {
  now.cannot = error.name || "?";
  render();
  throw error;
}

async function refresh(force) {
  const who = await session();
  if (who) {
    const packed = await kept("evening");
    const same = !packed || (packed.clear.person_id === who.person_id && packed.clear.authority_id === who.authority_id);
    if (!same) await forgetReading();
    now.other = (await items()).filter((item) => unsent(item) && (item.person_id !== who.person_id || item.authority_id !== who.authority_id)).length;
    const operation = who.operation_id ?? (same ? packed?.clear.operation_id : undefined);
    if (operation && (force || Date.now() - now.fetched > REFRESH) && (await fetchEvening(operation)) === 200) now.fetched = Date.now();
  }
  await show();
}

async function work() {
  const got = await sendAll();
  await (got ? refresh(true) : show());
}

async function signOut() {
  await read();
  now.leaving = ctx.items.some(unsent); // named until they are received, also while the phone tries to send them
  if (!now.leaving) {
    const who = await session();
    if (!who) now.refused = say("out_offline");
    else {
      await forgetAll();
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/sign-out" });
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token", value: who.csrf_token }));
      document.body.append(form);
      form.submit();
    }
  }
  render();
}

// Ended by somebody: what is left goes into quarantine by itself. Run out: the person signs in anew, or presses.
async function handOver(pressed) {
  now.late = await lateState();
  if (now.late && (pressed || now.late.over === "revoked") && now.late.over !== "too_late") await sendLate(now.late);
  await show();
}

const DO = {
  late: () => handOver(true),
  fetch: () => refresh(true),
  send: work,
  "sign-out": signOut,
  "save-choice": async () => {
    const key = location.hash.split("/")[1];
    await saveChoice(view, ctx, key);
    location.hash = "#queue";
  },
};

function arrive() {
  Object.assign(now, { refused: "", leaving: false });
  const place = render();
  document.title = `${document.getElementById("heading").firstChild.textContent} – Samsyn`;
  const at = place && document.getElementById(`c-${place}`);
  (at || document.getElementById("content")).focus();
  at?.scrollIntoView({ block: "center" });
}

document.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-jump]");
  if (jump) {
    event.preventDefault();
    document.getElementById(jump.dataset.jump)?.focus();
  }
  const pressed = event.target.closest("[data-do]");
  if (pressed && DO[pressed.dataset.do]) DO[pressed.dataset.do]().catch(failed);
});

let soon;
changed.addEventListener("change", () => {
  now.refused = "";
  show();
  clearTimeout(soon);
  soon = setTimeout(() => navigator.onLine && !now.ended && work().catch(failed), Math.max(1500, state.pause));
});
heard.addEventListener("away", () => (now.away = true));
heard.addEventListener("contact", () => Object.assign(now, { away: false, ended: false }));
heard.addEventListener("late", (event) => (now.late = event.detail));
heard.addEventListener("ended", () => {
  Object.assign(now, { ended: true, away: false });
  forgetReading().then(forgetReceived).then(() => handOver(false)).catch(failed);
});
const come = () => refresh(false).then(work).catch(failed);
addEventListener("online", come);
addEventListener("offline", () => ((now.away = true), show()));
addEventListener("hashchange", () => drawing.then(arrive));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && come());
setInterval(() => (ctx.evening || ctx.items.some(unsent)) && document.visibilityState === "visible" && come(), REFRESH / 2);

navigator.storage?.persist?.();
navigator.serviceWorker?.register("/field-worker.js", { scope: "/field", updateViaCache: "none" }).catch(() => undefined);
show().then(arrive).then(() => refresh(true)).then(work).catch(failed);
