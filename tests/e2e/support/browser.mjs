// One Chromium for all stories; each leader is a context of their own (own storage, own service worker).
import { chromium } from "playwright-core";

let browser;

export async function leaderContext(options = {}) {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", ...options });
  context.complaints = [];
  context.on("page", (page) => watch(context, page));
  return context;
}

export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

// Console errors, page errors and failed requests. A story that cuts the network says so with `expectCuts`.
function watch(context, page) {
  page.on("console", (message) => {
    if (message.type() === "error" && !(context.expectCuts && isCut(message.text()))) {
      context.complaints.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => context.complaints.push(`page error: ${error.message}`));
  page.on("requestfailed", (request) => {
    const failure = request.failure()?.errorText ?? "";
    if (!(context.expectCuts && isCut(failure))) context.complaints.push(`request failed: ${request.url()} ${failure}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) {
      context.complaints.push(`${response.status()} ${response.url()}`);
    }
  });
}

function isCut(text) {
  return /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_|ERR_FAILED|ERR_ABORTED|WebSocket connection to .* failed/.test(text);
}
