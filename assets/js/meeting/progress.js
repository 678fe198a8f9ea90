// At which item the meeting is, and how long. The screen shows that item, unless its reader looks at another one.
import { fill } from "../room/announcer.js";

export class Progress {
  constructor({ root, live, words }) {
    Object.assign(this, { root, live, words });
    this.looking = null;
    this.onItem = () => null;
    root.dataset.script = "";
    root.addEventListener("click", (event) => {
      const link = event.target.closest("[data-look]");
      if (link) {
        event.preventDefault();
        this.look(Number(link.dataset.look));
        this.part(this.shown)?.focus();
      } else if (event.target.closest("[data-follow]")) {
        this.look(null);
        this.part(this.shown)?.focus();
      }
    });
    this.restart(live.state, live.now);
    setInterval(() => this.tick(), 1000);
  }

  // The clock of this machine may be wrong: what counts is how far it is from the server's.
  restart(state, now) {
    this.ahead = Date.now() - Date.parse(now);
    this.state = state;
    this.render();
  }

  // Returns false when the meeting is at an item that this page does not have.
  take(state) {
    const moved = state.item !== this.state?.item;
    this.state = state;
    if (moved) this.looking = null;
    this.render();
    if (moved) this.onItem(state.item);
    return state.item === null || Boolean(this.part(state.item));
  }

  get shown() {
    const first = this.root.querySelector("[data-item]");
    return this.looking ?? this.state?.item ?? (first ? Number(first.dataset.item) : null);
  }

  part(item) {
    return this.root.querySelector(`[data-item="${item}"]`);
  }

  look(item) {
    this.looking = item === this.state?.item ? null : item;
    this.render();
  }

  render() {
    const { root, live, state, words, shown } = this;
    const isRunning = Boolean(state?.running);
    root.dataset.running = isRunning;
    for (const part of root.querySelectorAll("[data-item]")) {
      const item = Number(part.dataset.item);
      part.hidden = item !== shown;
      part.classList.toggle("k-part--current", item === state?.item);
    }
    for (const link of root.querySelectorAll("[data-look]")) {
      const item = Number(link.dataset.look);
      if (item === state?.item) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
      link.classList.toggle("k-looked-at", item === shown);
    }
    const current = this.part(state?.item);
    const where = root.querySelector("[data-where]");
    const sentence =
      isRunning && current
        ? fill(words.nowAt, { number: current.dataset.number, title: current.dataset.title })
        : isRunning ? words.running : live.fixed ? words.fixed : state ? words.ended : words.notStarted;
    if (where.textContent.trim() !== sentence) where.textContent = sentence;
    const away = root.querySelector("[data-away]");
    if (away) {
      away.hidden = this.looking === null || !current;
      away.firstElementChild.textContent = fill(words.lookingAt, { title: current?.dataset.title ?? "" });
    }
    for (const part of root.querySelectorAll("[data-when]")) {
      const when = { running: isRunning, stopped: !isRunning && !live.fixed, begun: Boolean(state) && !live.fixed };
      part.hidden = !when[part.dataset.when] || (part.dataset.step && !this.step(part));
    }
    this.tick();
  }

  // The button to the next or previous item: returns whether there is one.
  step(form) {
    const parts = [...this.root.querySelectorAll("[data-item]")];
    const at = parts.findIndex((part) => Number(part.dataset.item) === this.state?.item);
    const to = at < 0 ? undefined : parts[at + Number(form.dataset.step)];
    form.elements.namedItem("item").value = to?.dataset.item ?? "";
    return Boolean(to);
  }

  seconds(item) {
    const { state } = this;
    let seconds = state?.spent[item] ?? 0;
    if (state?.running && state.item === item && state.since) {
      seconds += Math.max(0, Math.floor((Date.now() - this.ahead - Date.parse(state.since)) / 1000));
    }
    return seconds;
  }

  tick() {
    for (const part of this.root.querySelectorAll("[data-item]")) {
      const item = Number(part.dataset.item);
      const text = this.used(this.seconds(item), part.dataset.planned);
      const places = [
        part.querySelector("[data-used]"),
        this.root.querySelector(`[data-look="${item}"] [data-used-short]`),
      ];
      for (const place of places) if (place && place.textContent !== text) place.textContent = text;
    }
  }

  used(seconds, minutes) {
    const used = Math.floor(seconds / 60);
    if (!seconds) return minutes === "" ? "" : fill(this.words.planned, { planned: Number(minutes) });
    if (minutes === "") return fill(this.words.usedOpen, { used });
    const planned = Number(minutes);
    const over = Math.ceil((seconds - planned * 60) / 60);
    return fill(over > 0 ? this.words.usedOver : this.words.used, { used, planned, over });
  }
}
