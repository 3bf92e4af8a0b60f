// What is on its way, by what it needs: a person, a connection, nothing any more.
import { conflicts } from "./choosing.js";
import { faultOf } from "./cards.js";
import { list, lay, make } from "./dom.js";
import { again, remove, unsent } from "./queue.js";
import { sealed } from "./seal.js";
import { held, state } from "./sending.js";
import { key } from "./store.js";
import { clock, say } from "./words.js";

const COLOUR = { queued: "neutral", sent: "info", received: "success", failed: "danger", draft: "warning" };
const SHOWN = 50;

export function nameOf(ctx, item) {
  const kind = say(`kind_${item.kind}`);
  const label = ctx.said.get(item.id)?.label;
  return label ? `${kind}: ${label}` : kind;
}

function whyOf(ctx, item) {
  if (item.state === "failed") return faultOf(item);
  if (item.state === "received") return item.receipt?.late ? say("in_quarantine", { at: clock(item.got) }) : clock(item.got);
  if (item.state === "draft") return say(item.typed ? "waits_press" : ctx.said.get(item.id)?.check_point ? "waits_answer" : "waits_words");
  const waits = held(item, ctx.items, state.session);
  if (waits) return waits === "other" ? say("waits_other") : say(waits);
  return item.tries ? `${say("tried", { n: item.tries })}${item.why ? `: ${item.why.title ?? say("network")}` : ""}` : "";
}

function itemEntry(ctx, item) {
  const failed = ["failed", "draft"].includes(item.state) || (item.kind === "photo" && item.state === "queued");
  const values = {
    label: nameOf(ctx, item),
    state: say(`state_${item.state === "draft" ? "queued" : item.state}`),
    colour: COLOUR[item.state],
    why: whyOf(ctx, item),
    failed,
    bad: item.state === "failed",
    card: item.part_id ? `#part/${item.part_id}/${item.finding ?? item.about}` : item.typed && `#entry/${item.visit_id}`,
    mask: item.why?.maskable?.length > 0,
  };
  const build = () => {
    const row = make("item", values).firstElementChild;
    const press = (name, how) => row.querySelector(`[data-do="${name}"]`)?.addEventListener("click", how);
    press("again", () => (item.state === "failed" ? again(item) : undefined));
    press("mask", async () => {
      const { label: _, ...body } = ctx.said.get(item.id);
      await again(item, await sealed(await key("unsent"), { ...body, mask: true }));
    });
    press("remove", (event) => {
      if (event.currentTarget.dataset.asked) return remove(item.id);
      event.currentTarget.dataset.asked = "1";
      event.currentTarget.firstChild.textContent = event.currentTarget.dataset.sure;
      return undefined;
    });
    return row;
  };
  return { key: item.id, print: JSON.stringify(values), build, follow: (row) => showParts(row, item) };
}

// What changes while a photo goes: the row stays where it is, also under a finger.
function showParts(row, { id, parts, state: how }) {
  const into = row.querySelector("[data-parts]");
  into.hidden = !parts || how === "received";
  if (into.hidden) return;
  const words = say("parts", { done: parts.done, of: parts.of });
  const [said, bar] = [into.querySelector("label"), into.querySelector("progress")];
  if (said.textContent !== words) said.textContent = words;
  said.htmlFor = bar.id = `parts-${id}`;
  Object.assign(bar, { max: parts.of, value: parts.done });
}

function conflictEntry(ctx, one) {
  const rival = one.rivals.find((line) => line.written_by !== ctx.evening.person_id) ?? one.rivals[0];
  const name = ctx.evening.writers[rival.written_by] ?? say("someone");
  const label = one.point ? `${one.point.code} ${one.point.text}` : say("free");
  const choose = document.getElementById("t-choose").dataset.title;
  const values = { label, state: choose, colour: "warning", why: say("two_texts", { name, at: clock(rival.written_at) }), choose: `#choose/${one.key}`, bad: true };
  return { key: one.key, print: JSON.stringify(values), build: () => make("item", values).firstElementChild };
}

export const needs = (ctx) => ctx.items.filter((item) => item.state === "failed").length + conflicts(ctx).length;
export const waits = (ctx) => ctx.items.filter((item) => unsent(item) && item.state !== "failed");

export function queue(view, ctx) {
  const failed = ctx.items.filter((item) => item.state === "failed").map((item) => itemEntry(ctx, item));
  const needing = [...conflicts(ctx).map((one) => conflictEntry(ctx, one)), ...failed];
  const waiting = waits(ctx).map((item) => itemEntry(ctx, item));
  const got = ctx.items.filter((item) => item.state === "received").slice(-SHOWN).reverse().map((item) => itemEntry(ctx, item));
  const shape = `queue/${Boolean(needing.length)}/${Boolean(waiting.length)}/${Boolean(got.length)}`;
  if (view.dataset.name !== shape) {
    view.dataset.name = shape;
    view.replaceChildren(make("queue", { needs: String(needing.length || ""), got: String(got.length || ""), waits: String(waiting.length), idle: !waiting.length }));
  }
  for (const [name, entries, count] of [["needing", needing, "needs"], ["waiting", waiting, "waits"], ["done", got, "got"]]) {
    const into = list(view, name);
    if (!into) continue;
    view.querySelector(`[data-f="${count}"]`).textContent = entries.length || "";
    lay(into, entries);
    entries.forEach((one, n) => one.follow && into.children[n].querySelector("[data-parts]") && one.follow(into.children[n]));
  }
  const { title, says } = document.getElementById("t-queue").dataset;
  const late = ctx.late && ctx.late.over !== "too_late" && waiting.length > 0;
  return { heading: title, under: says, buttons: ["queue", { late }] };
}
