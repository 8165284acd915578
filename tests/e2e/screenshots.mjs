// Pictures of every screen, desktop and phone, light and dark: `cargo xtask screenshots DIR`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { WorkspacePage } from "./pages/workspace_page.mjs";
import { closeBrowser, leaderContext } from "./support/browser.mjs";
import { Relay } from "./support/relay.mjs";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const SCREENS = {
  overview: "/w/overview",
  direction: "/w/direction",
  policy: "/w/direction?view=policy",
  context: "/w/direction?view=context",
  parties: "/w/direction?view=parties",
  objectives: "/w/objectives",
  grid: "/w/objectives?view=grid",
  needs: "/w/means",
  authority: "/w/means?view=authority",
  seats: "/w/means?view=seats",
  hands: "/w/means?view=hands",
  people: "/w/people",
  duties: "/w/people?view=duties",
  risks: "/w/risks",
  map: "/w/risks?view=map",
  movements: "/w/risks?view=movements",
  actions: "/w/actions",
  list: "/w/actions?view=list",
  board: "/w/actions?view=board",
};
const WIDTHS = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
// Records whose panel is a screen of its own: the list they stand in, and their title.
const PANELS = {
  risk: ["/w/risks", "Only one foundry can cast the P4 pump head"],
  objective: ["/w/objectives", "Ship complete and on the promised day"],
  goal: ["/w/direction", "Sell uptime, not only pumps"],
  requirement: ["/w/direction?view=parties", "Carbon footprint figure per pump by next tender"],
  person: ["/w/people", "Ines Marchetti"],
};

const relay = await Relay.create();
const empty = await Relay.create({ name: "New team", sample: false });
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
        await page.waitForTimeout(800);
        await shot(name);
      }
      for (const [name, [path, title]] of Object.entries(PANELS)) {
        await page.goto(relay.url + path);
        await workspace.ready();
        await workspace.openRecord(title);
        await page.waitForTimeout(800);
        await shot(`panel-${name}`);
      }
      if (context.complaints.length) console.log(size, colorScheme, context.complaints);
      await context.close();
      await pictureEmpty(size, colorScheme, viewport);
    }
  }
} finally {
  await empty.remove();
  await relay.remove();
  await closeBrowser();
}

// The same screens of a workspace in which nothing is written yet.
async function pictureEmpty(size, colorScheme, viewport) {
  const context = await leaderContext({ colorScheme, viewport });
  const page = await context.newPage();
  await page.goto(empty.url);
  const workspace = new WorkspacePage(page);
  await page.locator(".entry").waitFor();
  const known = page.getByRole("button", { name: "Ada Byron" });
  if (await known.count()) await workspace.choose("Ada Byron");
  else await workspace.begin("Ada Byron");
  await workspace.ready();
  await workspace.truth("on-relay");
  for (const [name, path] of Object.entries(SCREENS)) {
    await page.goto(empty.url + path);
    await workspace.ready();
    await page.locator("main#page section.page").waitFor();
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `empty-${name}-${size}-${colorScheme}.png`) });
  }
  if (context.complaints.length) console.log("empty", size, colorScheme, context.complaints);
  await context.close();
}
