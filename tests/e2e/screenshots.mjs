// Pictures of every screen, desktop and phone, light and dark: `cargo xtask screenshots DIR`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { WorkspacePage } from "./pages/workspace_page.mjs";
import { closeBrowser, leaderContext } from "./support/browser.mjs";
import { Relay } from "./support/relay.mjs";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const SCREENS = {
  objectives: "/w/objectives",
  risks: "/w/risks",
  map: "/w/risks?view=map",
  actions: "/w/actions",
  list: "/w/actions?view=list",
  board: "/w/actions?view=board",
};
const WIDTHS = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const RISK = "Only one foundry can cast the P4 pump head";

const relay = await Relay.create();
try {
  for (const colorScheme of ["light", "dark"]) {
    for (const [size, viewport] of Object.entries(WIDTHS)) {
      const context = await leaderContext({ colorScheme, viewport });
      const page = await context.newPage();
      const shot = (name) => page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
      await page.goto(relay.url);
      await page.getByRole("button", { name: "Ines Marchetti" }).waitFor();
      await shot("choose");
      await page.getByRole("button", { name: "Ines Marchetti" }).click();
      const workspace = new WorkspacePage(page);
      await workspace.ready();
      for (const [name, path] of Object.entries(SCREENS)) {
        await page.goto(relay.url + path);
        await workspace.ready();
        await page.locator("main#page section.page").waitFor();
        await page.waitForTimeout(400);
        await shot(name);
      }
      await page.goto(`${relay.url}/w/risks`);
      await workspace.ready();
      await workspace.openRecord(RISK);
      await page.waitForTimeout(400);
      await shot("risk");
      if (context.complaints.length) console.log(size, colorScheme, context.complaints);
      await context.close();
    }
  }
} finally {
  await relay.remove();
  await closeBrowser();
}
