// The text box: Enter sends where there is a keyboard, the draft stays, nothing typed is lost.
export class Composer {
  constructor({ form, live, words, send }) {
    Object.assign(this, { form, live, words, send });
    this.input = form.querySelector("[data-body-input]");
    this.topic = form.querySelector("[data-topic-input]");
    this.error = form.querySelector("[data-error]");
    this.key = `${draftsOf(live)}${live.topic ?? ""}`; // each topic keeps its own
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
    const typed = this.input.value.trim();
    if (!typed && (this.chips?.isEmpty ?? true)) return this.refuse("empty");
    if ([...typed].length > this.live.maxBody) return this.refuse("too_long");
    const { body, replyTo } = this.chips?.take(typed) ?? { body: typed, replyTo: null };
    this.send({ body, replyTo, topic: Number(this.topic?.value ?? this.live.topic) || null });
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

  // Closed by who keeps order: what was typed stays, and can be sent when the room is open again.
  pause(isClosed) {
    this.closed ??= Object.assign(document.createElement("p"), { className: "k-muted", textContent: this.words.closed });
    this.closed.setAttribute("role", "status");
    this.form.hidden = isClosed;
    if (isClosed) this.form.before(this.closed);
    else this.closed.remove();
  }

  close() {
    this.form.hidden = true;
    this.input.value = "";
    storage("remove", this.key);
  }
}

const draftsOf = (live) => `kringen.draft.${live.user}.${live.room}.`;

// Nothing of a room may stay in the browser of who may not enter it any more.
export function forgetDrafts(live) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(draftsOf(live))) localStorage.removeItem(key);
  } catch {
    // no storage: nothing was kept
  }
}

function storage(what, key, value) {
  try {
    return localStorage[`${what}Item`](key, value);
  } catch {
    return null;
  }
}
