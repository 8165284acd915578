// Starts the app: the only script that index.html names.
//
// The content security policy allows no inline script and requires Trusted Types. One policy exists, and it lets
// through one thing: the service worker is the only script URL that a page of ours ever names. No markup is ever made
// from a string.
import init from "{{web.js}}";

const policy = globalThis.trustedTypes?.createPolicy("binnacle", {
  createScriptURL: (url) => (url === "/sw.js" ? url : null),
});

const byId = (id) => document.getElementById(id);

/** Says what happened in the shell of index.html and offers a way on. Data on this device is never touched here. */
function say(text) {
  const boot = byId("boot");
  if (!boot) return;
  boot.hidden = false;
  byId("boot-text").textContent = text;
  byId("boot-progress").hidden = true;
  byId("boot-recovery").hidden = false;
}

/** The program, with progress in real bytes. Only on a first visit: a counted stream gives up the browser's code cache. */
async function program(url) {
  if (navigator.serviceWorker?.controller) return fetch(url);
  const response = await fetch(url);
  if (!response.ok || !response.body) return response;
  const progress = byId("boot-progress");
  progress.hidden = false;
  let loaded = 0;
  const counting = new TransformStream({
    transform(bytes, out) {
      loaded += bytes.byteLength;
      progress.value = loaded;
      out.enqueue(bytes);
    },
  });
  return new Response(response.body.pipeThrough(counting), { headers: { "Content-Type": "application/wasm" } });
}

byId("boot-reload")?.addEventListener("click", () => location.reload());

// The app looks for updates and tells when one is ready; here the worker is only named. A browser without service
// workers, or a page that is neither https nor localhost, works with the network alone.
navigator.serviceWorker
  ?.register(policy?.createScriptURL("/sw.js") ?? "/sw.js", { updateViaCache: "none" })
  .then((registration) => registration.active?.postMessage({ type: "complete" }))
  .catch((error) => console.warn("no offline start on this device:", error));

performance.mark("boot");
try {
  const response = await program("{{web.wasm}}");
  if (!response.ok) throw new Error(`the relay answered ${response.status} for the program`);
  await init({ module_or_path: response });
  performance.mark("started");
} catch (error) {
  console.error(error);
  say("The app could not start. What you wrote on this device is safe.");
}
