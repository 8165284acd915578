// The rescue page: served by the network, never by the service worker. It removes the app's files from this browser
// (service workers and shell caches) and nothing else: IndexedDB, where the workspaces are, is not touched.
const outcome = document.getElementById("outcome");
const button = document.getElementById("repair");

button.addEventListener("click", async () => {
  button.disabled = true;
  outcome.textContent = "Removing the app's files";
  try {
    const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    await Promise.all(registrations.map((registration) => registration.unregister()));
    const names = (await globalThis.caches?.keys()) ?? [];
    await Promise.all(names.filter((name) => name.startsWith("shell-")).map((name) => caches.delete(name)));
    outcome.textContent = "Done. Opening the app again";
    location.replace("/");
  } catch (error) {
    button.disabled = false;
    outcome.textContent = `That did not work: ${error.message}. Your workspaces are untouched.`;
  }
});
