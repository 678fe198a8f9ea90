// Who else is here and who is writing, in words. Never announced: a screen reader hears messages, not their making.
import { fill } from "./announcer.js";

const EVERY = 30_000;
const TYPING_EVERY = 3000;
const TYPING_STAYS = 5000;
const NAMED = 3;

export class Company {
  constructor({ root, live, words, say }) {
    Object.assign(this, { live, words, say });
    this.present = root.querySelector("[data-present]");
    this.typing = root.querySelector("[data-typing]");
    this.writers = new Map();
    if (!live.showsPresence) return;
    setInterval(() => this.here(), EVERY);
    document.addEventListener("visibilitychange", () => this.here());
    root.querySelector("[data-body-input]")?.addEventListener("input", (event) => this.write(event.target.value));
  }

  here() {
    const state = document.visibilityState === "visible" && this.live.showsPresence ? "here" : "away";
    this.say({ t: "presence", room: this.live.room, state });
  }

  write(text) {
    const now = performance.now();
    if (!text || now - (this.wrote ?? -TYPING_EVERY) < TYPING_EVERY) return;
    this.wrote = now;
    this.say({ t: "typing", room: this.live.room, topic: this.live.topic });
  }

  // ---- frames ----

  showPresent(people) {
    const others = people.filter(({ id }) => id !== this.live.user).map(({ name }) => name);
    const more = others.length - NAMED;
    const names = others.slice(0, NAMED).join(", ");
    if (!others.length) this.present.textContent = "";
    else if (more > 0) this.present.textContent = fill(this.words.presentMore, { names, number: more });
    else this.present.textContent = fill(this.words.present, { names });
  }

  showTyping({ actor, topic }) {
    if (!actor || actor.id === this.live.user || (this.live.topic && topic && topic !== this.live.topic)) return;
    clearTimeout(this.writers.get(actor.id)?.timer);
    const timer = setTimeout(() => this.stopped(actor.id), TYPING_STAYS);
    this.writers.set(actor.id, { name: actor.name, timer });
    this.render();
  }

  stopped(id) {
    clearTimeout(this.writers.get(id)?.timer);
    if (this.writers.delete(id)) this.render();
  }

  render() {
    const names = [...this.writers.values()].map(({ name }) => name);
    this.typing.textContent = names.length ? fill(this.words.typing, { name: names.slice(0, NAMED).join(", ") }) : "";
  }

  clear() {
    this.present.textContent = this.typing.textContent = "";
  }
}
