// The offline shell of build {{build}}.
//
// Promises:
//  - a build is cached whole or not at all: every file is checked against the hash of the build that named it;
//  - a new worker waits until the app tells it to take over, so a running page never changes under its reader;
//  - files with a hash in their name are answered from any build that is kept, so a tab of the last build goes on working;
//  - answers of the relay are never cached and never answered from here: only the app's own files pass through.

const BUILD = "{{build}}";
const PREFIX = "shell-";
const CACHE = PREFIX + BUILD;
/** Builds kept besides the active one: open tabs may still run it. */
const KEPT_OLDER_BUILDS = 1;
/** [path, integrity] of every file of this build. */
const FILES = {{files}};
const PATHS = new Set(FILES.map(([path]) => path));
const HASHED = "/assets/";
/** The relay's answers vary by encoding; what is cached is decoded. */
const ANY_ENCODING = { ignoreVary: true };

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(takeOver()));

addEventListener("message", (event) => {
  if (event.data?.type === "take-over") skipWaiting();
  if (event.data?.type === "complete") event.waitUntil(complete());
  if (event.data?.type === "build?") event.source?.postMessage({ type: "build", build: BUILD });
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin || isRelays(url.pathname)) return;
  if (request.mode === "navigate") {
    event.respondWith(shell(request));
  } else if (PATHS.has(url.pathname) || url.pathname.startsWith(HASHED)) {
    event.respondWith(file(request, url.pathname));
  }
});

/** Paths that only the relay itself may answer. */
function isRelays(path) {
  return /^\/(api|sync|healthz|readyz|metrics|rescue\.html|sw\.js)(\/|$)/.test(path);
}

async function fill() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(FILES.map(([path, integrity]) => keep(cache, path, integrity)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** Fills the cache again when somebody cleared it under a worker that stays in charge: the rescue page does (the browser
 * revives a worker whose page registers it again), and browsers may. */
async function complete() {
  const cache = await caches.open(CACHE);
  if (await cache.match("/", ANY_ENCODING)) return;
  // Should the relay have a newer build by now this fails, and the newer worker takes care.
  await fill().catch((error) => console.warn("the offline copy of the app is not complete:", error));
}

async function keep(cache, path, integrity) {
  if (path.startsWith(HASHED)) {
    // The name holds the hash: what an older build has under it is the same file.
    const known = await caches.match(path, ANY_ENCODING);
    if (known) return cache.put(path, known);
  }
  const response = await fetch(new Request(path, { cache: "reload", integrity }));
  if (!response.ok || response.redirected) throw new Error(`${path}: the relay answered ${response.status}`);
  return cache.put(path, response);
}

async function takeOver() {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  // Cache names come in the order of their making: the last ones are the newest.
  const gone = builds.slice(0, Math.max(0, builds.length - KEPT_OLDER_BUILDS));
  await Promise.all(gone.map((name) => caches.delete(name)));
  await clients.claim();
}

async function shell(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match("/", ANY_ENCODING)) ?? fetch(request);
}

async function file(request, path) {
  const own = await caches.open(CACHE);
  return (await own.match(path, ANY_ENCODING)) ?? (await caches.match(path, ANY_ENCODING)) ?? fetch(request);
}
