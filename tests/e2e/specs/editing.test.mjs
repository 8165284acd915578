// Editing as people expect it: found by typing, changed by key, taken back, thrown away and brought back, talked about.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { ListPage } from "../pages/list_page.mjs";
import { Picker } from "../pages/picker.mjs";
import { Talk } from "../pages/talk.mjs";
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

describe("editing in the sample workspace", () => {
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

  test("the palette finds by word and reference, goes, and does, without a network and by keyboard alone", async () => {
    const context = await leader();
    const ines = await WorkspacePage.open(context, relay, "Ines Marchetti", "/w/actions");
    await ines.offlineReady();
    await ines.truth("on-relay");
    context.expectCuts = true;
    await context.setOffline(true);
    let palette = await Picker.palette(ines.page);
    await palette.take("foundry pump", RISK);
    await ines.panel().getByRole("textbox", { name: "Title" }).waitFor();
    const reference = await ines.panel().locator(".panel-head .ref").innerText();

    palette = await Picker.palette(ines.page);
    await palette.take("actions", /^Actions/);
    await ines.page.waitForURL(/\/w\/actions/);
    palette = await Picker.palette(ines.page);
    await palette.type(reference);
    await palette.option(RISK).waitFor();
    await ines.page.keyboard.press("Escape");
    await palette.dialog.waitFor({ state: "hidden" });

    palette = await Picker.palette(ines.page);
    await palette.take("capture", /Capture/);
    const sheet = ines.page.getByRole("dialog", { name: "Capture" });
    await sheet.getByRole("textbox", { name: "In one line" }).fill("Call the foundry from the plane");
    await ines.page.keyboard.press("Enter");
    await ines.page.getByText("Action \u201cCall the foundry from the plane\u201d added").waitFor();
    palette = await Picker.palette(ines.page);
    await palette.type("from the plane");
    await palette.option("Call the foundry from the plane").waitFor();
    await context.setOffline(false);
    await ines.page.keyboard.press("Escape");
    await ines.truth("on-relay");
  });

  test("a comment calls a colleague, who answers and resolves it; a tag finds its records", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/risks");
    const tom = await WorkspacePage.open(await leader(), relay, "Tom Adeyemi", "/w/risks");
    const here = new Talk(await ines.openRecord(RISK));
    const there = new Talk(await tom.openRecord(RISK));
    await here.say("Second source?", "to", "please look.");
    const comment = there.comment("Second source? @Tom Adeyemi please look.");
    await comment.getByText("calls you").waitFor();
    await comment.getByRole("button", { name: "Answer Ines Marchetti" }).click();
    await comment.getByRole("textbox", { name: "Answer" }).fill("Sample is on its way.");
    await tom.page.keyboard.press("Control+Enter");
    await here.comment("Second source?").getByText("Sample is on its way.").waitFor();
    await comment.getByText("calls you").waitFor({ state: "detached" });
    await here.comment("Second source?").getByRole("button", { name: /^Resolve/ }).click();
    await there.panel.getByText("1 resolved").waitFor();
    const shown = Object.values(relay.show().content.register).find((entry) => entry.title === RISK);
    assert.equal(Object.keys(shown.comments).length, 2);

    await here.tag("#castings");
    await there.tags().getByText("castings").waitFor();
    await there.tags().getByRole("link", { name: "castings" }).click();
    await tom.until(async () => (await tom.rowCount()) === 1, "only the tagged risk is listed");
  });

  test("many rows are changed as one act and taken back as one", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/actions?view=list");
    const list = new ListPage(ines.page);
    await list.link("").waitFor();
    const titles = (await list.titles()).slice(0, 3);
    const owners = () => {
      const actions = Object.values(relay.show().content.actions);
      return titles.map((title) => actions.find((action) => action.title === title).owner);
    };
    const before = owners();
    await list.focus(titles[0]);
    await list.key("x");
    await list.focus(titles[2]);
    await list.key("Shift+X");
    assert.equal(await list.chosenCount(), 3);
    await list.answer("o", "clara", /^Clara/);
    await ines.truth("on-relay");
    await ines.until(() => new Set(owners()).size === 1, "all three have one owner");
    await list.key("Control+z");
    await list.toast().getByText(/Taken back/).waitFor();
    await ines.truth("on-relay");
    await ines.until(() => JSON.stringify(owners()) === JSON.stringify(before), "all three are back");
    await list.key("Escape");
    await list.focus(titles[1]);
    await list.answer("d", "in 2 weeks", /./);
    await list.toast().getByText(titles[1]).waitFor();
  });

  test("undo takes back what is mine, and leaves what a colleague wrote since", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/risks");
    const tom = await WorkspacePage.open(await leader(), relay, "Tom Adeyemi", "/w/risks");
    const title = "Ransomware stops production for a week";
    await ines.openRecord(title);
    await ines.title("Ransomware stops production for a day");
    // Out of the field: in it, the keys are the browser's own.
    await ines.page.keyboard.press("Escape");
    await tom.openRecord("Ransomware stops production for a day");
    await tom.title("Ransomware stops everything for a week");
    await ines.says("Title", "Ransomware stops everything for a week");
    await ines.page.keyboard.press("Control+z");
    await ines.page.getByText("Tom Adeyemi has changed the title").waitFor();
    await ines.says("Title", "Ransomware stops everything for a week");
  });

  test("deleted here, edited there: the bin tells both stories, and either can hold", async () => {
    const travelling = await leader();
    const ines = await WorkspacePage.open(travelling, relay, "Ines Marchetti", "/w/risks");
    const tom = await WorkspacePage.open(await leader(), relay, "Tom Adeyemi", "/w/risks");
    const title = "Loss of two senior calibration technicians";
    await tom.openRecord(title);
    await ines.truth("on-relay");
    travelling.expectCuts = true;
    await travelling.setOffline(true);
    await ines.truth("offline");
    const list = new ListPage(ines.page);
    await list.focus(title);
    await ines.page.keyboard.press(".");
    await new Picker(ines.page).take("delete", /^Delete/);
    await new Picker(ines.page).take("covered elsewhere", /^Delete/);
    await list.row(title).waitFor({ state: "detached" });
    await tom.type("Notes", " One of them agreed to stay.");
    await tom.truth("on-relay");
    await travelling.setOffline(false);
    await ines.truth("on-relay");
    const palette = await Picker.palette(ines.page);
    await palette.take("deleted", /Deleted items/);
    const entry = ines.page.locator(".bin-row.twice", { hasText: title });
    await entry.getByText(/Deleted by Ines Marchetti.*covered elsewhere/).waitFor();
    await entry.getByText(/Edited by Tom Adeyemi/).waitFor();
    await entry.getByRole("button", { name: /^Restore/ }).click();
    await entry.waitFor({ state: "detached" });
    await tom.row(title).waitFor();
  });

  test("a card goes to another column by dragging and by key, and back", async () => {
    const ines = await WorkspacePage.open(await leader(), relay, "Ines Marchetti", "/w/actions?view=board");
    const card = ines.page.locator(".board-column[aria-label='To do'] .card").first();
    const title = await card.locator("a.row-link").innerText();
    const column = (name) => ines.page.locator(`.board-column[aria-label='${name}']`);
    const inColumn = (name) => column(name).locator(".card", { hasText: title });
    await card.dragTo(column("In progress"));
    await inColumn("In progress").waitFor();
    await ines.page.keyboard.press("Control+z");
    await inColumn("To do").waitFor();
    const list = new ListPage(ines.page);
    await list.focus(title);
    await list.answer("s", "blocked", /^Blocked/);
    await new Picker(ines.page).take("waits for the drawing", /Blocked/);
    await inColumn("Blocked").waitFor();
  });
});
