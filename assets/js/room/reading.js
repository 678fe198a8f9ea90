// What I have read: only what is in view of an open and active page counts, and my other tabs are told by the server.
import { fill } from "./announcer.js";

const NEAR = 120;
const AFTER = 1000;

export class Reading {
  constructor({ timeline, words, live }) {
    Object.assign(this, { timeline, words, live });
    this.newest = timeline.root.querySelector("[data-newest]");
    this.below = 0;
    this.lastRead = 0;
    timeline.log.addEventListener("scroll", () => this.seen(), { passive: true });
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("focus", () => this.seen());
    this.newest.addEventListener("click", () => this.toEnd());
  }

  get isAtEnd() {
    return this.timeline.window.isAtEnd && Math.abs(this.timeline.log.scrollTop) < NEAR;
  }

  arrived(isOwn) {
    this.isHeld = false;
    if (this.isAtEnd || isOwn) {
      this.toEnd();
      return;
    }
    this.below += 1;
    this.newest.hidden = false;
    this.newest.textContent =
      this.below === 1 ? this.words.newestOne : fill(this.words.newestMany, { number: this.below });
  }

  async toEnd() {
    await this.timeline.window.newest();
    this.below = 0;
    this.newest.hidden = true;
    this.seen();
  }

  seen() {
    if (this.isHeld || document.visibilityState !== "visible" || !document.hasFocus() || !this.isAtEnd) return;
    this.below = 0;
    this.newest.hidden = true;
    clearTimeout(this.soon);
    if (this.timeline.lastSeq <= this.lastRead) return;
    this.soon = setTimeout(() => {
      if (this.isHeld || !document.hasFocus()) return;
      this.lastRead = this.timeline.lastSeq;
      this.onRead?.(this.lastRead);
      this.timeline.root.querySelector("[data-jump]")?.remove();
    }, AFTER);
  }

  // Where my place is now, as a tab of mine somewhere said. Further back means: leave it unread until something new.
  place({ seq, topics = {} }) {
    const own = Object.values(topics);
    const at = this.live.topic ? (topics[this.live.topic] ?? seq) : Math.min(seq, ...own);
    if (at < this.lastRead) {
      this.isHeld = true;
      this.lastRead = at;
    }
    if (this.isHeld) this.line(topics, seq);
  }

  line(topics, seq) {
    const first = [...this.timeline.messages].find(
      (each) =>
        Number(each.dataset.seq) > (topics[each.dataset.topic] ?? seq) && Number(each.dataset.actor) !== this.live.user,
    );
    if (!first) return;
    const mark = this.timeline.list.querySelector("[data-unread]") ?? document.createElement("p");
    mark.className = "k-log__unread";
    mark.dataset.unread = "";
    const label = document.createElement("span");
    label.textContent = this.words.unread;
    mark.replaceChildren(label);
    first.before(mark);
  }
}
