// axe on every screen, in both themes, at desktop and phone width: no serious or critical finding.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Picker } from "../pages/picker.mjs";
import { WorkspacePage } from "../pages/workspace_page.mjs";
import { closeBrowser, leaderContext } from "../support/browser.mjs";
import { Relay } from "../support/relay.mjs";

const SCREENS = ["/w/overview", "/w/direction", "/w/direction?view=policy", "/w/direction?view=context", "/w/direction?view=parties", "/w/objectives?view=grid", "/w/means", "/w/means?view=authority", "/w/means?view=seats", "/w/means?view=hands", "/w/people", "/w/people?view=duties", "/w/objectives", "/w/risks", "/w/risks?view=map", "/w/risks?view=movements", "/w/actions", "/w/actions?view=list", "/w/actions?view=board"];
const WIDTHS = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

describe("accessibility", () => {
  let relay;
  before(async () => {
    relay = await Relay.create();
  });
  after(async () => {
    await relay.remove();
    await closeBrowser();
  });

  for (const colorScheme of ["light", "dark"]) {
    for (const [name, viewport] of Object.entries(WIDTHS)) {
      test(`${colorScheme}, ${name}`, async () => {
        const context = await leaderContext({ colorScheme, viewport, reducedMotion: "reduce" });
        try {
          const choosing = await context.newPage();
          await choosing.goto(relay.url);
          await choosing.getByRole("button", { name: "Ines Marchetti" }).waitFor();
          await sound(choosing, "choosing a name");
          await choosing.getByRole("button", { name: "Ines Marchetti" }).click();
          const workspace = new WorkspacePage(choosing);
          await workspace.ready();
          for (const path of SCREENS) {
            await choosing.goto(relay.url + path);
            await workspace.ready();
            await choosing.locator("main#page section.page").waitFor();
            await sound(choosing, path);
          }
          const palette = await Picker.palette(choosing);
          await palette.type("pump");
          await palette.option(/pump/).first().waitFor();
          await sound(choosing, "the palette");
          await choosing.keyboard.press("Escape");
          await choosing.goto(`${relay.url}/w/bin`);
          await choosing.locator("main#page section.page").waitFor();
          await sound(choosing, "the bin");
          await choosing.goto(`${relay.url}/w/risks`);
          await workspace.ready();
          await workspace.openRecord("Only one foundry can cast the P4 pump head");
          await sound(choosing, "a risk in the panel");
          await choosing.goto(`${relay.url}/w/direction?view=parties`);
          await workspace.ready();
          await workspace.openRecord("Carbon footprint figure per pump by next tender");
          await sound(choosing, "a requirement in the panel");
          await choosing.goto(`${relay.url}/w/people`);
          await workspace.ready();
          await workspace.openRecord("Ines Marchetti");
          await sound(choosing, "a person in the panel");
        } finally {
          await context.close();
        }
      });
    }
  }
});

async function sound(page, where) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const bad = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`);
  assert.deepEqual(bad, [], where);
}
