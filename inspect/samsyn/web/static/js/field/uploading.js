// A large photo goes in parts, so that one that was cut off goes on where it was: the server says how much it has.
import { markParts } from "./queue.js";

const PART = 256 * 1024;
const PATIENCE = 60_000;
export const large = (bytes) => bytes.byteLength > PART;

// Returns the answer that ends it: the receipt, or what was refused. Throws where no answer came.
export async function upload(item, bytes, headers) {
  const where = `/api/v1/findings/${item.finding}/uploads/${item.id}`;
  const length = bytes.byteLength;
  for (let tries = 0; ; tries += 1) {
    const asked = await fetch(where, { cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    if (!asked.ok) return asked;
    const { offset, complete } = await asked.clone().json();
    if (complete) return asked;
    const told = (done) => markParts(item.id, Math.floor(done / PART), Math.ceil(length / PART));
    await told(offset);
    const answer = await rest(where, bytes, Math.min(offset, length), length, headers, told);
    if (answer.status !== 409 || tries) return answer; // another part came first: ask once more where it stands
  }
}

async function rest(where, bytes, from, length, headers, told) {
  for (let start = from; ; ) {
    const end = Math.min(start + PART, length);
    const own = { "Content-Type": "application/partial-upload", "Upload-Offset": start, "Upload-Length": length, "Upload-Complete": end === length ? "?1" : "?0" };
    const answer = await fetch(where, { method: "PATCH", body: bytes.slice(start, end), headers: { ...headers, ...own }, signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || end === length) return answer;
    start = end;
    await told(start);
  }
}
