// The main job on real input: two leaders, one workspace, a relay that forgets nothing.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { WorkspacePage } from "../pages/workspace_page.mjs";
import { closeBrowser, leaderContext } from "../support/browser.mjs";
import { Relay } from "../support/relay.mjs";

const RISK = "Only one foundry can cast the P4 pump head";
const contexts = [];

async function leader(options) {
  const context = await leaderContext(options);
  contexts.push(context);
  return context;
}

after(closeBrowser);

describe("two leaders on the sample workspace", () => {
  let relay;
  before(async () => {
    relay = await Relay.create();
  });
  after(() => relay.remove());
  afterEach(async () => {
    const complaints = contexts.flatMap((context) => context.complaints);
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    assert.deepEqual(complaints, [], "console errors, page errors or failed requests");
  });

  test("an edit in one browser is seen in the other, by character and with the caret kept", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/risks");
    const tom = await WorkspacePage.open(await leader(), relay, "Tom Adeyemi", "/w/risks");
    await ines.openRecord(RISK);
    await tom.openRecord(RISK);
    const before = await ines.text("Notes").inputValue();
    await ines.type("Notes", " Ines was here.");
    await tom.says("Notes", `${before} Ines was here.`);
    // Tom writes at the beginning while Ines goes on at the end: both survive, and Ines' caret stays at her words.
    await tom.text("Notes").click();
    await tom.text("Notes").press("Control+Home");
    await Promise.all([tom.page.keyboard.type("Tom too. "), ines.page.keyboard.type(" Still here.")]);
    const both = `Tom too. ${before} Ines was here. Still here.`;
    await tom.says("Notes", both);
    await ines.says("Notes", both);
    const caret = await ines.text("Notes").evaluate((field) => field.selectionStart);
    assert.equal(caret, both.length);
    await ines.truth("on-relay");
    await tom.truth("on-relay");
  });

  test("a changed title is marked with the colleague's name, and presence shows who is here", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/risks");
    const tom = await WorkspacePage.open(await leader(), relay, "Tom Adeyemi", "/w/risks");
    await tom.page.getByRole("button", { name: /Here now:.*Ines Marchetti/ }).waitFor();
    await ines.openRecord("Loss of two senior calibration technicians");
    await ines.title("Loss of two senior calibration people");
    const row = tom.row("Loss of two senior calibration people");
    await row.waitFor();
    await row.getByText("changed by Ines Marchetti just now").waitFor({ state: "attached" });
  });

  test("a risk is created, scored, and deleted so that it can come back", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/risks");
    const tom = await WorkspacePage.open(await leader(), relay, "Tom Adeyemi", "/w/risks");
    await ines.page.keyboard.press("n");
    const dialog = ines.page.getByRole("dialog");
    await dialog.getByRole("textbox").first().fill("Forklift route crosses the visitors' path");
    await ines.page.keyboard.press("Enter");
    const panel = ines.panel();
    await panel.waitFor();
    await panel.getByRole("button", { name: "Assess\u2026" }).click();
    const ask = panel.getByRole("group", { name: "New assessment" });
    await ask.getByRole("group", { name: "Likelihood" }).getByRole("radio", { name: /^4/ }).check({ force: true });
    await ask.getByRole("group", { name: "Consequence" }).getByRole("radio", { name: /^5/ }).check({ force: true });
    await ask.getByLabel("Why").fill("Two near misses last month");
    await ask.getByRole("button", { name: "Record assessment" }).click();
    const row = tom.row("Forklift route crosses the visitors' path");
    await row.getByText("20").first().waitFor();
    const shown = Object.values(relay.show().content.register).find((entry) => entry.title?.startsWith("Forklift"));
    const judgement = Object.values(shown.assessments)[0];
    assert.deepEqual([judgement.score, judgement.phase], ["4x5", "now"]);

    await panel.getByRole("button", { name: "More" }).click();
    await panel.getByRole("button", { name: /Delete/ }).first().click();
    const sheet = ines.page.getByRole("dialog");
    await sheet.getByRole("button", { name: /Delete/ }).last().click();
    await row.waitFor({ state: "detached" });
    await ines.page.getByRole("button", { name: /Undo|Restore|Bring back/ }).first().click();
    await tom.row("Forklift route crosses the visitors' path").waitFor();
  });

  test("offline: reload, go on editing, open a deep link; back online both sides are equal", async () => {
    const travelling = await leader();
    const ines = await WorkspacePage.open(travelling, relay, "Ines Marchetti", "/w/risks");
    const tom = await WorkspacePage.open(await leader(), relay, "Tom Adeyemi", "/w/risks");
    await ines.offlineReady();
    await ines.truth("on-relay");
    travelling.expectCuts = true;
    await travelling.setOffline(true);
    await ines.page.reload();
    await ines.ready();
    await ines.openRecord("Quarter-end pressure leads to release of units with open deviations");
    await ines.type("Notes", " Written on the plane.");
    await ines.truth("offline");
    await ines.until(async () => (await ines.unsaved()) === 0, "what was typed is saved on the device");
    assert.ok((await ines.unsent()) > 0, "the chip counts what is to be sent");
    const address = ines.page.url();
    await tom.openRecord("Quarter-end pressure leads to release of units with open deviations");
    await tom.text("Notes").click();
    await tom.text("Notes").press("Control+Home");
    await tom.page.keyboard.type("Meanwhile at home. ");

    const deep = await WorkspacePage.open(travelling, relay, null, new URL(address).pathname);
    await deep.says("Notes", (text) => text.endsWith("Written on the plane."));
    await deep.page.close();

    await travelling.setOffline(false);
    const merged = (text) => text.startsWith("Meanwhile at home. ") && text.endsWith("Written on the plane.");
    await ines.says("Notes", merged);
    await tom.says("Notes", merged);
    await ines.truth("on-relay");
    assert.equal(await ines.text("Notes").inputValue(), await tom.text("Notes").inputValue());
  });

  test("two tabs of one device see each other without a network", async () => {
    const device = await leader();
    const first = await WorkspacePage.open(device, relay, "Britt Solheim", "/w/actions?view=list");
    await first.offlineReady();
    const second = await WorkspacePage.open(device, relay, null, "/w/actions?view=list");
    await first.truth("on-relay");
    device.expectCuts = true;
    await device.setOffline(true);
    await first.openRecord("Decide on bench 3 funding");
    await second.openRecord("Decide on bench 3 funding");
    await first.type("What and why", " Board paper is written.");
    await second.says("What and why", (text) => text.endsWith("Board paper is written."));
    await device.setOffline(false);
    await first.truth("on-relay");
    await second.truth("on-relay");
  });

  test("a tab killed 300 ms after typing loses nothing", async () => {
    const device = await leader();
    device.expectCuts = true;
    const britt = await WorkspacePage.open(device, relay, "Britt Solheim", "/w/risks");
    await britt.openRecord("Ransomware stops production for a week");
    await britt.offlineReady();
    await britt.truth("on-relay");
    // No relay either, so that only this device's own store can have kept the words.
    await relay.kill();
    await britt.type("Notes", " Typed and killed.");
    await britt.page.waitForTimeout(300);
    // No unload handlers, no goodbye: the renderer is gone at once.
    const session = await device.newCDPSession(britt.page);
    const crashed = britt.page.waitForEvent("crash");
    session.send("Page.crash").catch(() => {});
    await crashed;
    const again = await WorkspacePage.open(device, relay, null, "/w/risks");
    await again.openRecord("Ransomware stops production for a week");
    await again.says("Notes", (text) => text.endsWith("Typed and killed."));
    await relay.start();
    await again.truth("on-relay");
  });

  test("the relay is killed in the middle of typing and started again: nothing is missing", async () => {
    const [here, there] = [await leader(), await leader()];
    here.expectCuts = there.expectCuts = true;
    const ines = await WorkspacePage.open(here, relay, "Ines Marchetti", "/w/risks");
    const tom = await WorkspacePage.open(there, relay, "Tom Adeyemi", "/w/risks");
    await ines.openRecord("Service contracts priced below cost to serve");
    await tom.openRecord("Service contracts priced below cost to serve");
    await ines.type("Notes", " before");
    const typing = ines.page.keyboard.type(" and while the relay dies and comes back", { delay: 25 });
    await ines.page.waitForTimeout(300);
    await relay.kill();
    await typing;
    await ines.truth("offline", "connecting");
    await relay.start();
    await ines.truth("on-relay");
    await tom.says("Notes", (text) => text.endsWith(" before and while the relay dies and comes back"));
    const kept = Object.values(relay.show().content.register).find((entry) => entry.title === "Service contracts priced below cost to serve");
    assert.ok(kept.body.endsWith(" before and while the relay dies and comes back"), kept.body);
  });
});

describe("an empty workspace", () => {
  test("a first leader begins with a name and an objective", async () => {
    const relay = await Relay.create({ name: "New team", sample: false });
    const context = await leaderContext();
    try {
      const page = new WorkspacePage(await context.newPage());
      await page.page.goto(relay.url);
      await page.begin("Ada Byron");
      await page.go("actions");
      await page.page.keyboard.press("n");
      await page.page.getByRole("dialog").getByRole("textbox").first().fill("Write down why we exist");
      await page.page.keyboard.press("Enter");
      await page.panel().waitFor();
      await page.truth("on-relay");
      const actions = Object.values(relay.show().content.actions);
      assert.deepEqual(actions.map((action) => action.title), ["Write down why we exist"]);
      assert.deepEqual(context.complaints, []);
    } finally {
      await context.close();
      await relay.remove();
    }
  });
});
