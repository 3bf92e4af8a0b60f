// The phone's worker. It keeps the shell and the files that the shell names, in one cache per edition, fetched without
// cookies so that nothing of anybody is in it. It answers for those and for nothing else: every other request, and all
// that a person may read, goes to the network as if the worker were not there. EDITION and SHELL stand above this line.
const NAME = `field-${EDITION}`;
const LATEST = "/field"; // the shell in the language that was read last

async function fill() {
  const cache = await caches.open(NAME);
  await Promise.all(
    SHELL.map(async (path) => {
      const answer = await fetch(path, { credentials: "omit", cache: "no-cache" });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      await cache.put(path, answer);
    }),
  );
}

async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("field-") && name !== NAME);
  for (const name of old) {
    const latest = await (await caches.open(name)).match(LATEST);
    const language = latest && new URL(latest.url).searchParams.get("lang");
    if (language) await remember(language);
    await caches.delete(name);
  }
  await self.clients.claim();
}

async function remember(language) {
  const cache = await caches.open(NAME);
  const shell = await cache.match(`/field?lang=${language}`);
  if (shell) await cache.put(LATEST, shell.clone());
  return shell;
}

async function shell(url) {
  const asked = url.searchParams.get("lang");
  const found = asked ? await remember(asked) : await (await caches.open(NAME)).match(LATEST);
  return found || (await remember("sv")) || fetch("/field", { credentials: "omit" });
}

async function file(request) {
  return (await (await caches.open(NAME)).match(request.url)) || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === "/field") event.respondWith(shell(url));
  else if (url.pathname.startsWith(`/static/${EDITION}/`)) event.respondWith(file(event.request));
});
