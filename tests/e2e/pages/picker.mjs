// One question above the page: the palette, and whatever a key or a menu asks for.
export class Picker {
  constructor(page) {
    this.page = page;
    this.dialog = page.locator("dialog.picker[open]");
    this.line = this.dialog.getByRole("combobox");
  }

  static async palette(page) {
    await page.keyboard.press("Control+k");
    const picker = new Picker(page);
    await picker.line.waitFor();
    return picker;
  }

  option(name) {
    return this.dialog.getByRole("option", { name });
  }

  async type(words) {
    await this.line.waitFor();
    await this.page.keyboard.type(words);
  }

  // What Enter would take.
  async marked() {
    const id = await this.line.getAttribute("aria-activedescendant");
    return (await this.dialog.locator(`[id="${id}"]`).innerText()).replace(/\s+/g, " ");
  }

  // Types until `name` is offered, walks to it with the arrows and takes it with Enter.
  async take(words, name) {
    await this.type(words);
    const wanted = this.option(name).first();
    await wanted.waitFor();
    const id = await wanted.getAttribute("id");
    const count = await this.dialog.getByRole("option").count();
    for (let step = 0; step < count && (await this.line.getAttribute("aria-activedescendant")) !== id; step += 1) {
      await this.page.keyboard.press("ArrowDown");
    }
    await this.page.keyboard.press("Enter");
  }
}
