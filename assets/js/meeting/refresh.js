// Too far behind, or another agenda than the one on this page: what stands there is taken from the server anew.
// What somebody types in the forms lies outside the parts that are replaced.
import { keepTyping } from "./typing.js";

const PARTS = ["[data-items]", "[data-agenda]", "[data-hands]", "[data-polls]"];
const SPREAD = 400; // every screen hears of it at once; they do not ask at once
const AGAIN = 2000;

export class Refresh {
  constructor({ root, live, onFresh, again }) {
    Object.assign(this, { root, live, onFresh, again });
    this.fetching = new Set();
  }

  // What comes in while the page is on its way is not on it, or perhaps: it is shown once more, which changes nothing.
  saw(event) {
    for (const events of this.fetching) events.push(event);
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.fetch(), Math.random() * SPREAD);
  }

  async fetch() {
    const since = [];
    this.fetching.add(since);
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (answer.status >= 500) throw new Error(`${answer.status}`);
      if (answer.ok && !answer.redirected) this.take(await answer.text(), since);
    } catch {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.fetch(), AGAIN);
    } finally {
      this.fetching.delete(since);
    }
  }

  take(html, since) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const giveBack = keepTyping(this.root);
    for (const part of PARTS) {
      const now = this.root.querySelector(part);
      const next = fresh.querySelector(part);
      if (now && next) now.replaceChildren(...next.childNodes);
    }
    giveBack();
    const told = JSON.parse(fresh.getElementById("meeting-live").textContent);
    this.live.fixed = told.fixed;
    this.onFresh(fresh, told);
    for (const event of since) if (event.seq > told.head) this.again(event);
  }
}
