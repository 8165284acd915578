// The connected workspace: what waits for whom, what changes hands, what hangs together.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { WorkspacePage } from "../pages/workspace_page.mjs";
import { closeBrowser, leaderContext } from "../support/browser.mjs";
import { Relay } from "../support/relay.mjs";

const contexts = [];

async function leader(options) {
  const context = await leaderContext(options);
  contexts.push(context);
  return context;
}

after(closeBrowser);

describe("the connected workspace", () => {
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

  test("a record changes hands only when the receiver takes it over", async () => {
    const title = "Cut supplier defects";
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/objectives");
    const tom = await WorkspacePage.open(await leader(), relay, "Tom Adeyemi", "/w/overview");
    const owner = () => Object.values(relay.show().content.objectives).find((objective) => objective.title === title).accountable;
    const before = owner();
    await ines.openRecord(title);
    await ines.handOver("Tom Adeyemi");
    await tom.followAsk(`offers you \u201c${title}`);
    await ines.truth("on-relay");
    assert.equal(owner(), before, "an offer changes nothing");
    await tom.panel().getByRole("button", { name: "Take it over" }).click();
    await tom.truth("on-relay");
    const members = relay.show().content.members;
    assert.equal(members[owner()].title, "Tom Adeyemi");
  });

  test("a colleague's change moves neither the focus nor the page of whoever reads the overview", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/risks");
    const tom = await WorkspacePage.open(await leader(), relay, "Tom Adeyemi", "/w/overview");
    const body = tom.page.locator(".page-body");
    const link = tom.page.locator(".chain a.row-link", { hasText: "Only one foundry" }).last();
    await link.focus();
    await body.evaluate((body) => body.scrollBy(0, 120));
    const at = await body.evaluate((body) => body.scrollTop);
    await ines.openRecord("Only one foundry can cast the P4 pump head");
    await ines.title("Only one foundry can cast the pump head");
    await tom.page.locator(".chain a.row-link", { hasText: "cast the pump head" }).first().waitFor();
    await tom.page.waitForTimeout(500);
    assert.match(await tom.page.evaluate(() => document.activeElement.textContent), /cast the pump head/);
    assert.equal(await body.evaluate((body) => body.scrollTop), at);
  });

  test("a block from a spreadsheet becomes values in one change, and one click takes it back", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/objectives?view=grid");
    const first = ines.page.locator("table.grid input").first();
    await first.waitFor();
    const live = () => Object.values(relay.show().content.measurements).filter((value) => !value.deleted).length;
    const before = live();
    await ines.paste(first, "1\tx\n2\t3");
    await ines.page.getByText(/is no number/).waitFor();
    assert.equal(live(), before, "a block that does not fit enters nothing");
    await ines.paste(first, "1\t2\n3\t4");
    await ines.page.getByText("4 values entered").waitFor();
    assert.equal(await first.inputValue(), "1");
    await ines.truth("on-relay");
    assert.equal(live(), before + 4);
    await ines.page.getByRole("button", { name: "Undo" }).click();
    await ines.page.waitForTimeout(300);
    await ines.truth("on-relay");
    assert.equal(live(), before);
    assert.notEqual(await first.inputValue(), "1");
  });

  test("a person's panel leads to what they carry, and from there to everything connected", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/people");
    const panel = await ines.openRecord("Clara Duarte").catch(() => ines.openRecord("Clara"));
    await panel.locator(".connections a", { hasText: "Fix it on the first field visit" }).first().click();
    await ines.page.waitForURL(/\/w\/objectives\//);
    await ines.panel().getByText("All connections").click();
    await ines.panel().locator(".connections a", { hasText: "Sell uptime, not only pumps" }).first().click();
    await ines.page.waitForURL(/\/w\/direction\//);
    await ines.panel().getByRole("textbox", { name: "Title" }).waitFor();
  });
});

describe("an empty workspace", () => {
  test("goal, objective and need by keyboard, each linked to the one before", async () => {
    const relay = await Relay.create({ name: "New team", sample: false });
    const context = await leaderContext();
    try {
      const ada = new WorkspacePage(await context.newPage());
      const keys = ada.page.keyboard;
      await ada.page.goto(relay.url);
      await ada.begin("Ada Byron");
      const add = async (go, title, more = async () => {}) => {
        for (const key of go) await keys.press(key);
        await keys.press("n");
        await ada.page.getByRole("dialog").getByRole("textbox").first().fill(title);
        await more(ada.page.getByRole("dialog"));
        await keys.press("Enter");
        await ada.panel().getByRole("textbox", { name: "Title" }).waitFor();
        await keys.press("Escape");
        await ada.panel().waitFor({ state: "detached" });
      };
      await add(["g", "s"], "Dosing that never stops");
      await add(["g", "b"], "No unplanned stop in a quarter", (dialog) =>
        dialog.getByRole("combobox", { name: "Serves" }).selectOption({ label: "Dosing that never stops" }).then(() => dialog.getByRole("textbox").first().focus()),
      );
      await add(["g", "m"], "A second test bench");
      await keys.press("g");
      await keys.press("o");
      await ada.page.locator(".chain a.row-link", { hasText: "No unplanned stop in a quarter" }).waitFor();
      await ada.truth("on-relay");
      assert.deepEqual(context.complaints, []);
    } finally {
      await context.close();
      await relay.remove();
    }
  });
});
