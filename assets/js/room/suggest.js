// While somebody types: `/` offers what can be put under a message, `@` whom it can be meant for. All by keyboard.
const WAIT = 150;

export class Suggest {
  constructor({ form, live, words, chips, pickFile }) {
    Object.assign(this, { live, words, chips, pickFile });
    this.input = form.querySelector("[data-body-input]");
    this.list = form.querySelector("[data-suggest]");
    this.said = form.querySelector("[data-suggest-said]");
    this.options = [];
    this.at = -1;
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("click", () => this.soon());
    this.input.addEventListener("keydown", (event) => this.key(event), { capture: true });
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 200));
    form.querySelector("[data-slash]")?.addEventListener("click", () => this.begin());
  }

  begin() {
    const { input } = this;
    const line = input.value.slice(0, input.selectionStart).split("\n").at(-1);
    input.setRangeText(line ? "\n/" : "/", input.selectionStart, input.selectionEnd, "end");
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), WAIT);
  }

  async look() {
    const { input } = this;
    const before = input.value.slice(0, input.selectionStart);
    const slash = before.match(/(?:^|\n)\/([a-z]*)(?: ([^\n]*))?$/i);
    const at = before.match(/(?:^|[\s(])@([^\n@]{0,40})$/);
    if (slash) return this.slash(slash[1].toLowerCase(), slash[2], before.length - slash[0].replace(/^\n/, "").length);
    if (at) return this.names(at[1], before.length - at[1].length - 1);
    return this.close();
  }

  async slash(word, query, start) {
    const { commands } = this.live;
    if (query === undefined || !commands.some((each) => each.word === word && each.finds)) {
      const found = commands.filter((each) => each.word.startsWith(word));
      return this.show(
        found.map((each) => ({ label: `/${each.word}`, detail: each.label, pick: () => this.command(each, start) })),
      );
    }
    const asked = `${word} ${query}`;
    this.asked = asked;
    const found = await ask(`${this.live.choose}?soort=${word}&q=${encodeURIComponent(query)}`);
    if (this.asked !== asked || !found) return undefined;
    return this.show(
      found.found.map(({ address, label, detail }) => ({
        label,
        detail,
        pick: () => {
          this.replace(start, "");
          this.chips.add({ address, label });
        },
      })),
      this.words.nothingFound,
    );
  }

  command(command, start) {
    if (command.address) return location.assign(command.address);
    if (command.word === "bestand") {
      this.replace(start, "");
      return this.pickFile();
    }
    this.replace(start, `/${command.word} `);
    return this.look();
  }

  async names(typed, start) {
    this.people ??= ask(this.live.names);
    const found = await this.people;
    const wanted = typed.toLowerCase();
    const names = (found?.names ?? []).filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, 8);
    if (names.some(({ name }) => wanted.startsWith(`${name.toLowerCase()} `))) return this.close();
    return this.show(
      names.map(({ name, detail }) => ({ label: `@${name}`, detail, pick: () => this.replace(start, `@${name} `) })),
    );
  }

  replace(start, text) {
    const { input } = this;
    input.setRangeText(text, start, input.selectionStart, "end");
    this.close();
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show(options, nothing = "") {
    this.options = options;
    this.at = options.length ? 0 : -1;
    this.list.hidden = !options.length;
    this.list.replaceChildren(
      ...options.map((option, index) => {
        const item = document.createElement("li");
        const detail = document.createElement("span");
        item.id = `${this.list.id}-${index}`;
        item.setAttribute("role", "option");
        detail.className = "k-muted";
        detail.textContent = option.detail;
        item.append(option.label, " ", detail);
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          option.pick();
        });
        return item;
      }),
    );
    this.said.textContent = options.length ? this.words.found.replace("%(number)s", options.length) : nothing;
    this.mark();
  }

  mark() {
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", index === this.at));
    const chosen = this.list.children[this.at];
    if (chosen) {
      this.input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.options.length) % this.options.length;
      this.mark();
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.options[this.at]?.pick();
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  close() {
    clearTimeout(this.timer);
    this.options = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.said.textContent = "";
    this.input.removeAttribute("aria-activedescendant");
  }
}

async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
