// What goes along with the message that is being written: cards and files as small labels, and what it answers.
// Each stands for an address of this site; with the message it travels as a line of its own.
export class Chips {
  constructor({ form, live, words }) {
    Object.assign(this, { form, words });
    this.list = form.querySelector("[data-chips]");
    this.answer = form.querySelector("[data-answer]");
    this.answerInput = form.querySelector("[data-answer-input]");
    this.key = `kringen.chips.${live.user}.${live.room}`;
    this.chips = kept(this.key);
    this.show();
    form.querySelector("[data-answer-off]")?.addEventListener("click", () => this.answerTo(null));
  }

  add({ address, label }) {
    if (!this.chips.some((each) => each.address === address)) this.chips.push({ address, label });
    this.keep();
  }

  drop(address) {
    this.chips = this.chips.filter((each) => each.address !== address);
    this.keep();
  }

  keep() {
    try {
      if (this.chips.length) localStorage.setItem(this.key, JSON.stringify(this.chips));
      else localStorage.removeItem(this.key);
    } catch {
      // no storage: they stay as long as the page
    }
    this.show();
  }

  show() {
    this.list.hidden = !this.chips.length;
    this.list.replaceChildren(
      ...this.chips.map(({ address, label }) => {
        const item = document.createElement("li");
        const off = document.createElement("button");
        item.append(label, " ");
        off.type = "button";
        off.className = "k-chips__off";
        off.textContent = "×";
        off.setAttribute("aria-label", `${this.words.chipOff}: ${label}`);
        off.addEventListener("click", () => {
          this.drop(address);
          this.form.querySelector("[data-body-input]").focus();
        });
        item.append(off);
        return item;
      }),
    );
  }

  answerTo(message) {
    this.answer.hidden = !message;
    this.answerInput.value = message?.id ?? "";
    if (message) {
      this.answer.querySelector("[data-answer-name]").textContent = message.name;
      this.answer.querySelector("[data-answer-text]").textContent = message.text;
    }
    this.form.querySelector("[data-body-input]").focus();
  }

  // The whole text, and which message it answers; afterwards nothing is left.
  take(body) {
    const text = [body, ...this.chips.map(({ address }) => address)].filter(Boolean).join("\n\n");
    const replyTo = Number(this.answerInput.value) || null;
    this.chips = [];
    this.keep();
    if (replyTo) this.answerTo(null);
    return { body: text, replyTo };
  }

  get isEmpty() {
    return !this.chips.length;
  }
}

function kept(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}
