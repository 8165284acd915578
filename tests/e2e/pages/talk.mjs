// Comments and tags in the panel of a record.
export class Talk {
  constructor(panel) {
    this.panel = panel;
    this.page = panel.page();
    this.field = panel.getByRole("textbox", { name: "Comment", exact: true });
  }

  // Writes a comment, calling somebody by the first letters of a name.
  async say(before, letters, after) {
    await this.field.click();
    await this.page.keyboard.type(`${before} @${letters}`);
    await this.panel.getByRole("listbox", { name: "People" }).waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.keyboard.type(after);
    await this.page.keyboard.press("Control+Enter");
  }

  comment(words) {
    return this.panel.locator(".thread", { hasText: words });
  }

  async tag(words) {
    const field = this.panel.getByRole("combobox", { name: "Add a tag" });
    await field.fill(words);
    await field.press("Enter");
  }

  tags() {
    return this.panel.getByRole("list", { name: "Tags" });
  }
}
