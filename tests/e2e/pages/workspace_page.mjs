// The app as a leader sees it. Stories speak in these words; selectors live here alone.
import assert from "node:assert/strict";

const PATIENCE = 20_000;

export class WorkspacePage {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE);
  }

  // Opens the app in a context, and chooses a name where the app asks for one.
  static async open(context, relay, name, path = "/") {
    const workspace = new WorkspacePage(await context.newPage());
    await workspace.page.goto(relay.url + path);
    if (name) await workspace.choose(name);
    await workspace.ready();
    return workspace;
  }

  async choose(name) {
    await this.page.getByRole("button", { name }).first().click();
  }

  // Somebody the workspace does not know yet.
  async begin(name) {
    await this.page.getByLabel(/Your name$/).fill(name);
    await this.page.getByRole("button", { name: "Begin" }).click();
    await this.ready();
  }

  async ready() {
    await this.page.locator(".chip-sync").waitFor();
    await this.page.locator("main#page").waitFor();
  }

  // From here on a reload needs no network.
  async offlineReady() {
    await this.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      if (registration.active?.state === "activated") return;
      await new Promise((resolve) => registration.active.addEventListener("statechange", resolve, { once: true }));
    });
  }

  // A section by its part of the address: `overview`, `direction`, `objectives`, `risks`, `means`, `actions`, `people`.
  async go(section) {
    await this.page.locator(`nav a[href="/w/${section}"]:visible`).first().click();
    await this.page.waitForURL(new RegExp(`/w/${section}`));
  }

  // Opens the record with this title and returns its panel.
  async openRecord(title) {
    await this.page.locator("a.row-link", { hasText: title }).first().click();
    const panel = this.panel();
    await panel.waitFor();
    return panel;
  }

  panel() {
    return this.page.locator("aside.panel");
  }

  row(title) {
    return this.page.locator("tr", { hasText: title });
  }

  async rowCount() {
    return this.page.locator("a.row-link").count();
  }

  text(label) {
    return this.panel().getByRole("textbox", { name: label, exact: true });
  }

  // Types at the end of a text, as a person does.
  async type(label, words) {
    const field = this.text(label);
    await field.click();
    await field.press("Control+End");
    await this.page.keyboard.type(words);
  }

  async title(words) {
    const field = this.text("Title");
    await field.fill(words);
    await field.press("Enter");
  }

  // Waits until a text says what it should, and tells what it says otherwise.
  async says(label, expected) {
    const field = this.text(label);
    await field.waitFor();
    const holds = typeof expected === "string" ? (value) => value === expected : expected;
    await this.#eventually(async () => holds(await field.inputValue()), async () => `${label} says: ${await field.inputValue()}`);
  }

  // Waits for one of the truths of the sync chip: on-relay, offline, sending …
  async truth(...names) {
    const chip = this.page.locator(".chip-sync");
    await this.#eventually(
      async () => names.includes(await chip.getAttribute("data-truth")),
      async () => `the chip says ${await chip.getAttribute("data-truth")}, not ${names}`,
    );
  }

  async unsent() {
    return Number(await this.page.locator(".chip-sync").getAttribute("data-unsent"));
  }

  async unsaved() {
    return Number(await this.page.locator(".chip-sync").getAttribute("data-unsaved"));
  }

  // Offers the open record to somebody else.
  async handOver(name) {
    await this.panel().getByRole("button", { name: "More", exact: true }).click();
    await this.panel().getByRole("button", { name: /Hand over/ }).click();
    const sheet = this.page.getByRole("dialog");
    await sheet.getByRole("combobox", { name: "To" }).selectOption({ label: name });
    await sheet.getByRole("button", { name: "Offer", exact: true }).click();
  }

  // Follows one sentence of what waits for this person; on a busy day it is behind the first few.
  async followAsk(words) {
    const needs = this.page.getByRole("region", { name: /Needs you/ });
    await needs.locator("[data-ask]").first().waitFor();
    const more = needs.getByRole("button", { name: /more$/ });
    if (await more.count()) await more.click();
    await needs.locator("[data-ask]", { hasText: words }).getByRole("link").click();
  }

  // The cell of the entry grid with this name.
  cell(name) {
    return this.page.getByRole("textbox", { name });
  }

  // Pastes a block as from a spreadsheet.
  async paste(field, text) {
    await field.evaluate((input, text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  }

  // Waits until `check` holds.
  async until(check, what) {
    await this.#eventually(check, async () => what);
  }

  async #eventually(check, otherwise) {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      if (await check()) return;
      if (Date.now() > deadline) assert.fail(await otherwise());
      await this.page.waitForTimeout(25);
    }
  }
}
