// Figures, not tests: edit -> visible in the other browser, and a cold start without a network until the list can be used.
// Prints medians and spread; the machine's noise is in the spread. `cargo xtask measure`.
import { WorkspacePage } from "./pages/workspace_page.mjs";
import { closeBrowser, leaderContext } from "./support/browser.mjs";
import { Relay } from "./support/relay.mjs";

const RISK = "Only one foundry can cast the P4 pump head";

function summary(name, values, unit = "ms") {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  console.log(`${name}: median ${at(0.5).toFixed(0)} ${unit}, p10 ${at(0.1).toFixed(0)}, p95 ${at(0.95).toFixed(0)} (${values.length} runs)`);
}

const relay = await Relay.create();
try {
  const here = await leaderContext();
  const there = await leaderContext();
  const ines = await WorkspacePage.open(here, relay, "Ines Marchetti", "/w/risks");
  const tom = await WorkspacePage.open(there, relay, "Tom Adeyemi", "/w/risks");
  await ines.openRecord(RISK);
  await tom.openRecord(RISK);
  await ines.truth("on-relay");
  const latencies = [];
  for (let at = 0; at < 60; at += 1) {
    const mark = `~${at}~`;
    const seen = tom.page.evaluate(
      (mark) =>
        new Promise((resolve) => {
          const look = () => {
            const field = document.querySelector('aside.panel textarea[aria-label="Notes"]');
            if (field?.value.endsWith(mark)) resolve(Date.now());
            else requestAnimationFrame(look);
          };
          look();
        }),
      mark,
    );
    const typed = await ines.page.evaluate((mark) => {
      const field = document.querySelector('aside.panel textarea[aria-label="Notes"]');
      field.value += mark;
      const now = Date.now();
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      return now;
    }, mark);
    latencies.push((await seen) - typed);
  }
  summary("edit -> visible in the other browser", latencies);

  await ines.offlineReady();
  here.expectCuts = true;
  await here.setOffline(true);
  const starts = [];
  for (let at = 0; at < 10; at += 1) {
    const page = await here.newPage();
    const begun = Date.now();
    await page.goto(`${relay.url}/w/risks`, { waitUntil: "commit" });
    await page.locator("a.row-link", { hasText: RISK }).waitFor();
    starts.push(Date.now() - begun);
    await page.close();
  }
  summary("cold start without a network until the register is there", starts);
  const sizes = await tom.page.evaluate(() =>
    performance.getEntriesByType("resource").filter((entry) => entry.transferSize > 0).map((entry) => [entry.name.split("/").pop(), entry.encodedBodySize]),
  );
  console.log("bytes on the wire:", sizes.reduce((sum, [, bytes]) => sum + bytes, 0), JSON.stringify(sizes));
} finally {
  await relay.remove();
  await closeBrowser();
}
