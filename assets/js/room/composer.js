// The text box: Enter sends where there is a keyboard, the draft stays, nothing typed is lost.
export class Composer {
  constructor({ form, live, words, send }) {
    Object.assign(this, { form, live, words, send });
    this.input = form.querySelector("[data-body-input]");
    this.topic = form.querySelector("[data-topic-input]");
    this.error = form.querySelector("[data-error]");
    this.key = `kringen.draft.${live.user}.${live.room}`;
    const hasKeyboard = matchMedia("(pointer: fine)").matches;
    form.querySelector("[data-keys]").hidden = !hasKeyboard;
    if (!this.input.value) this.input.value = storage("get", this.key) ?? "";
    this.grow();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("input", () => {
      storage(this.input.value ? "set" : "remove", this.key, this.input.value);
      this.say("");
      this.grow();
    });
    this.input.addEventListener("keydown", (event) => {
      const sends = event.ctrlKey || event.metaKey || (hasKeyboard && !event.shiftKey);
      if (event.key === "Enter" && sends && !event.isComposing) {
        event.preventDefault();
        this.submit();
      }
    });
  }

  submit() {
    const body = this.input.value.trim();
    if (!body) return this.refuse("empty");
    if ([...body].length > this.live.maxBody) return this.refuse("too_long");
    this.send({ body, topic: Number(this.topic?.value ?? this.live.topic) || null });
    this.input.value = "";
    storage("remove", this.key);
    this.say("");
    this.grow();
    this.input.focus();
  }

  refuse(code) {
    this.say(this.words[code]);
    this.input.focus();
  }

  say(sentence) {
    this.error.textContent = sentence;
    this.error.toggleAttribute("role", false);
    if (sentence) this.error.setAttribute("role", "alert");
    this.input.toggleAttribute("aria-invalid", Boolean(sentence));
  }

  fill(body) {
    this.input.value = this.input.value ? `${this.input.value}\n${body}` : body;
    storage("set", this.key, this.input.value);
    this.grow();
    this.input.focus();
  }

  grow() {
    this.input.rows = Math.min(10, Math.max(3, this.input.value.split("\n").length + 1));
  }

  close() {
    this.form.hidden = true;
    storage("remove", this.key);
  }
}

function storage(what, key, value) {
  try {
    return localStorage[`${what}Item`](key, value);
  } catch {
    return null;
  }
}
