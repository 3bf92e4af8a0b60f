// The phone's store. Two keys: "reading" for what was packed, gone when the field session is; "unsent" for what somebody
// wrote, kept until the server's receipt. An item's state: queued, sent (on its way, or no receipt came), received, failed.
import { openDB } from "../../vendor/idb.js";
import { newKey, sealed, unseal, unsealed } from "./seal.js";

export const NAME = "samsyn-field";

export const db = openDB(NAME, 1, {
  upgrade(made) {
    made.createObjectStore("keys");
    made.createObjectStore("kept");
    made.createObjectStore("queue", { keyPath: "id" });
    made.createObjectStore("blobs");
  },
  blocking: (_now, _wanted, event) => event.target.close(),
});

export async function key(name) {
  const store = await db;
  const found = await store.get("keys", name);
  if (found) return found;
  const made = await newKey();
  const tx = store.transaction("keys", "readwrite");
  const first = await tx.store.get(name);
  if (!first) await tx.store.put(made, name);
  await tx.done;
  return first || made;
}

export async function keep(name, value, clear) {
  const kept = await sealed(await key("reading"), value);
  await (await db).put("kept", { ...kept, clear }, name);
}

export async function kept(name) {
  const store = await db;
  const [found, reading] = [await store.get("kept", name), await store.get("keys", "reading")];
  if (!found || !reading) return undefined;
  return { value: await unsealed(reading, found), clear: found.clear };
}

export async function forgetReading() {
  const tx = (await db).transaction(["keys", "kept"], "readwrite");
  await Promise.all([tx.objectStore("keys").delete("reading"), tx.objectStore("kept").clear(), tx.done]);
}

export async function forgetAll() {
  const tx = (await db).transaction(["keys", "kept", "queue", "blobs"], "readwrite");
  await Promise.all([...["keys", "kept", "queue", "blobs"].map((name) => tx.objectStore(name).clear()), tx.done]);
}

export async function items() {
  const found = await (await db).getAll("queue");
  return found.sort((one, other) => one.seq - other.seq);
}

export async function bodyOf(item) {
  return unsealed(await key("unsent"), item.body);
}

export async function nameOf(item) {
  return unsealed(await key("unsent"), item.name);
}

export async function blobOf(item) {
  const found = await (await db).get("blobs", item.id);
  return found && unseal(await key("unsent"), found);
}
