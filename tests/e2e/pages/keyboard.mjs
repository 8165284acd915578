// A person with nothing but a keyboard.
import assert from "node:assert/strict";

const FIELDS_MAX = 80;

export class Keyboard {
  constructor(page) {
    this.page = page;
  }

  // What has the focus, by its name.
  async focused() {
    return this.page.evaluate(() => {
      const active = document.activeElement;
      return active?.getAttribute("aria-label") ?? active?.labels?.[0]?.innerText ?? active?.innerText ?? "";
    });
  }

  // Tab until a field of this name has the focus.
  async reach(name) {
    for (let step = 0; step < FIELDS_MAX; step += 1) {
      if (name.test(await this.focused())) return;
      await this.press("Tab");
    }
    assert.fail(`no way by Tab to ${name}; the focus is on ${await this.focused()}`);
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(words) {
    await this.page.keyboard.type(words);
  }
}
