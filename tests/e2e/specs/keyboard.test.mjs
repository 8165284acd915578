// From nothing to an objective with a KPI, a risk and an action, without a pointer.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { Keyboard } from "../pages/keyboard.mjs";
import { Picker } from "../pages/picker.mjs";
import { WorkspacePage } from "../pages/workspace_page.mjs";
import { closeBrowser, leaderContext } from "../support/browser.mjs";
import { Relay } from "../support/relay.mjs";

after(closeBrowser);

describe("by keyboard alone", () => {
  test("an empty workspace gets an objective with KPI, risk and action", async () => {
    const relay = await Relay.create({ name: "New team", sample: false });
    const context = await leaderContext();
    try {
      const page = await context.newPage();
      const workspace = new WorkspacePage(page);
      const keyboard = new Keyboard(page);
      await page.goto(relay.url);
      await page.getByLabel(/Your name$/).waitFor();
      await keyboard.reach(/Your name$/);
      await keyboard.type("Ada Byron");
      await keyboard.press("Enter");
      await workspace.ready();
      await keyboard.press("g", "b");
      await page.waitForURL(/objectives/);
      await keyboard.press("n");
      await page.getByRole("dialog").waitFor();
      await keyboard.type("Every pump leaves on the promised day");
      await keyboard.press("Enter");
      await workspace.panel().waitFor();

      await keyboard.reach(/^KPI$/);
      await keyboard.press("ArrowDown");
      await new Picker(page).take("Delivered on the promised day", /^Add/);
      await workspace.until(async () => (await workspace.panel().getByLabel("KPI", { exact: true }).inputValue()) !== "", "the KPI is taken");

      await (await Picker.palette(page)).take("add something", /^Add something/);
      const sheet = page.getByRole("dialog", { name: "Capture" });
      await sheet.waitFor();
      await keyboard.reach(/^What$/);
      await keyboard.press("ArrowDown");
      await keyboard.press("Shift+Tab");
      await keyboard.type("One supplier casts all housings");
      await keyboard.press("Enter");
      await sheet.waitFor({ state: "hidden" });
      await (await Picker.palette(page)).take("add something", /^Add something/);
      await sheet.waitFor();
      await keyboard.type("Visit the supplier");
      await keyboard.press("Enter");
      await sheet.waitFor({ state: "hidden" });

      await workspace.panel().getByRole("link", { name: "One supplier casts all housings" }).first().waitFor();
      await workspace.panel().getByRole("link", { name: "Visit the supplier" }).first().waitFor();
      await workspace.truth("on-relay");
      const { content } = relay.show();
      const titles = (kind) => Object.values(content[kind]).map((record) => record.title);
      assert.deepEqual(titles("objectives"), ["Every pump leaves on the promised day"]);
      assert.deepEqual(titles("kpis"), ["Delivered on the promised day"]);
      assert.deepEqual(titles("register"), ["One supplier casts all housings"]);
      assert.deepEqual(titles("actions"), ["Visit the supplier"]);
      assert.deepEqual(context.complaints, []);
    } finally {
      await context.close();
      await relay.remove();
    }
  });
});
