// Notes, actions and decisions on their way: kept in the outbox until the server has stored them, also without a
// connection and over a reload.
const NUMBERS = new Set(["item", "owner"]);

export class Writing {
  constructor({ root, outbox, words, live, send }) {
    Object.assign(this, { root, outbox, words, live, send });
    this.isUp = false;
    this.forms = new Map();
    for (const form of root.querySelectorAll("form[data-writes]")) {
      this.forms.set(form.dataset.writes, form);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.submit(form);
      });
      form.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
      });
      form.addEventListener("click", (event) => {
        const back = event.target.closest("[data-take-back]");
        if (back) this.takeBack(form, back.closest("[data-cid]").dataset.cid);
      });
    }
    for (const hint of root.querySelectorAll("[data-keys]")) hint.hidden = !matchMedia("(pointer: fine)").matches;
    this.render();
  }

  submit(form) {
    const act = {};
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken") continue;
      if (!NUMBERS.has(name)) act[name] = value;
      else if (value) act[name] = Number(value);
    }
    this.outbox.add({ body: act.text, act });
    const item = form.elements.namedItem("item");
    const { value } = item;
    form.reset(); // also forgets that the fields were touched, or an empty one would be shown as wrong
    form.elements.text.value = "";
    item.value = value;
    form.elements.text.focus();
    this.render();
    this.send();
  }

  // Who is in the middle of a note keeps writing under the item where they began.
  follow(item) {
    for (const form of this.forms.values()) {
      if (!form.elements.text.value && item !== null) form.elements.namedItem("item").value = item;
    }
  }

  items(fresh) {
    const options = fresh.querySelector("[data-under]")?.innerHTML;
    for (const select of options === undefined ? [] : this.root.querySelectorAll("[data-under]")) {
      const { value } = select;
      select.innerHTML = options; // made by the server, every text escaped
      if ([...select.options].some((option) => option.value === value)) select.value = value;
    }
  }

  pending(isUp) {
    this.isUp = isUp;
    this.render();
  }

  arrived(event) {
    if (event.cid && this.outbox.find(event.cid)) {
      this.outbox.remove(event.cid);
      this.render();
    }
  }

  acknowledge({ cid }) {
    this.outbox.remove(cid);
    this.render();
  }

  refuse(cid, code) {
    this.outbox.fail(cid, code);
    this.render();
  }

  takeBack(form, cid) {
    const entry = this.outbox.remove(cid);
    for (const [name, value] of Object.entries(entry?.act ?? {})) {
      const field = form.elements.namedItem(name);
      if (field && name !== "t") field.value = value;
    }
    this.render();
    form.elements.text.focus();
  }

  render() {
    for (const [name, form] of this.forms) {
      const waiting = this.outbox.entries.filter((entry) => entry.act?.t === name);
      form.querySelector("[data-waiting]").replaceChildren(...waiting.map((entry) => this.line(entry)));
    }
  }

  line(entry) {
    const made = document.createElement("li");
    made.dataset.cid = entry.cid;
    made.className = entry.failed ? "k-waiting__line k-waiting__line--failed" : "k-waiting__line";
    const text = document.createElement("span");
    text.textContent = entry.act.text;
    const state = document.createElement("span");
    state.className = "k-small";
    made.append(text, " ", state);
    if (!entry.failed) {
      state.textContent = this.isUp ? this.words.sending : this.words.waiting;
      return made;
    }
    state.setAttribute("role", "alert");
    state.textContent = `${this.words.failed} ${this.words[entry.failed] ?? ""}`;
    const back = document.createElement("button");
    back.type = "button";
    back.className = "utrecht-button utrecht-button--subtle";
    back.dataset.takeBack = "";
    back.textContent = this.words.back;
    made.append(" ", back);
    return made;
  }
}
