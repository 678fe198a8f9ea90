// The conversation by keyboard. Single keys work only while the focus is in the list of messages, so that they never
// get in the way of typing or of a screen reader's own keys.
export class Keys {
  constructor({ root, timeline, composer }) {
    Object.assign(this, { root, timeline, composer });
    this.help = document.getElementById("room-help");
    for (const button of root.querySelectorAll("[data-help]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.help.showModal());
    }
    timeline.log.addEventListener("keydown", (event) => this.pressed(event));
    composer?.input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) timeline.log.focus();
    });
  }

  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, dialog")) return;
    const act = {
      "?": () => this.help.showModal(),
      j: () => this.step(1),
      k: () => this.step(-1),
      u: () => this.timeline.root.querySelector("[data-jump]")?.click(),
      n: () => this.end(),
      c: () => this.composer?.input.focus(),
      t: () => this.root.querySelector("[data-topics] a")?.focus(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  step(by) {
    const all = [...this.timeline.messages];
    const at = all.indexOf(document.activeElement.closest("[data-id]"));
    const next = at < 0 ? all.at(-1) : all[Math.min(all.length - 1, Math.max(0, at + by))];
    if (!next) return;
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  async end() {
    await this.timeline.reading.toEnd();
    this.timeline.log.focus();
  }
}
