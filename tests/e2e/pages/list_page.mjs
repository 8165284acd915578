// A list: its rows, those that are chosen, and the keys that change them.
import { Picker } from "./picker.mjs";

export class ListPage {
  constructor(page) {
    this.page = page;
  }

  link(title) {
    return this.page.locator("a.row-link", { hasText: title }).first();
  }

  row(title) {
    return this.page.locator("[data-id]", { has: this.page.locator("a.row-link", { hasText: title }) }).first();
  }

  async titles() {
    return this.page.locator(".page-body a.row-link").allInnerTexts();
  }

  // Brings the focus to a row, as `j` and `k` do.
  async focus(title) {
    await this.link(title).focus();
  }

  async chosenCount() {
    return this.page.locator(".choose input:checked").count();
  }

  async key(key) {
    await this.page.keyboard.press(key);
  }

  // A key that asks something: presses it and answers.
  async answer(key, words, name) {
    await this.page.keyboard.press(key);
    const picker = new Picker(this.page);
    await picker.take(words, name);
    await picker.dialog.waitFor({ state: "detached" }).catch(() => {});
  }

  toast() {
    return this.page.locator(".toast");
  }
}
