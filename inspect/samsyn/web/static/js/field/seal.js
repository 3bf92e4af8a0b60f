// What the phone keeps is encrypted with AES-GCM. The keys cannot be exported, not even by this page; taking a key away
// makes everything under it unreadable at once, which is how a wipe is sure.
const FORM = { name: "AES-GCM", length: 256 };

export function newKey() {
  return crypto.subtle.generateKey(FORM, false, ["encrypt", "decrypt"]);
}

export async function seal(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

export function unseal(key, sealed) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data);
}

export async function sealed(key, value) {
  return seal(key, new TextEncoder().encode(JSON.stringify(value)));
}

export async function unsealed(key, from) {
  return JSON.parse(new TextDecoder().decode(await unseal(key, from)));
}
