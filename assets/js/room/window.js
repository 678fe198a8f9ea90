// Which part of a long conversation is in the page. The list holds at most a few hundred messages; what lies before
// and after is fetched as somebody scrolls, and what is far away is let go. The place being read never jumps.
const MOST = 300;
const SPARE = 50;
const NEAR = 700;
const KEPT_EVENTS = 300;

export class Window {
  constructor({ timeline, live, words }) {
    Object.assign(this, { timeline, live, words });
    this.recent = [];
    this.links = {
      older: timeline.root.querySelector("[data-more-older]"),
      newer: timeline.root.querySelector("[data-more-newer]"),
    };
    this.adopt(timeline.list);
    timeline.log.addEventListener("scroll", () => this.look(), { passive: true });
    timeline.root.addEventListener("click", (event) => this.clicked(event));
    const { focus } = timeline.log.dataset;
    if (focus) this.show(focus);
  }

  get isAtEnd() {
    return this.newer === null;
  }

  // What was fetched a moment ago may be older than what has happened since: that is done once more to it.
  remember(event) {
    this.recent.push(event);
    if (this.recent.length > KEPT_EVENTS) this.recent.shift();
  }

  again(head) {
    for (const event of this.recent) {
      if (event.seq > head && event.kind !== "message.new") this.timeline.apply(event);
      else if (event.seq > head && this.isAtEnd && !this.timeline.find(event.message.id)) this.timeline.apply(event);
    }
  }

  adopt(holder) {
    const part = holder.querySelector("[data-part]");
    this.set("older", number(part?.dataset.older));
    this.set("newer", number(part?.dataset.newer));
    part?.remove();
  }

  set(side, seq) {
    this[side] = seq;
    const line = this.links[side];
    line.hidden = seq === null;
    if (seq === null) return;
    const topic = this.live.topic ? `&onderwerp=${this.live.topic}` : "";
    line.querySelector("a").href = `?${side === "older" ? "tot" : "na"}=${seq}${topic}`;
  }

  look() {
    const { log } = this.timeline;
    const below = Math.abs(log.scrollTop);
    const above = log.scrollHeight - log.clientHeight - below;
    if (above < NEAR && this.older !== null) this.more("older");
    else if (below < NEAR && this.newer !== null) this.more("newer");
  }

  async more(side) {
    if (this.loading) return;
    this.loading = true;
    try {
      const part = await this.fetch(side === "older" ? { tot: this.older } : { na: this.newer });
      if (!part) return;
      this.still(() => {
        const { list } = this.timeline;
        const fresh = part.messages.filter((each) => !this.timeline.holds(each));
        if (side === "older") list.prepend(...fresh);
        else (this.lastMessage ?? list).after(...fresh);
        this.set(side, number(part.marker.dataset[side]));
        this.trim(side === "older" ? "newer" : "older");
        this.headings();
      });
      this.again(part.head);
    } finally {
      this.loading = false;
    }
  }

  get lastMessage() {
    return [...this.timeline.messages].at(-1);
  }

  async fetch(asked) {
    const query = new URLSearchParams(asked);
    if (this.live.topic) query.set("onderwerp", this.live.topic);
    const answer = await fetch(`${this.live.lines}?${query}`).catch(() => null);
    if (!answer?.ok) return null;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text(); // rendered and cleaned by the server
    const marker = holder.content.querySelector("[data-part]");
    if (!marker) return null;
    holder.content.querySelector("[data-unread]")?.remove();
    const messages = [...holder.content.querySelectorAll("[data-day], [data-id], [data-happened]")];
    return { messages, marker, head: Number(answer.headers.get("X-Room-Head")) };
  }

  // Let go of what is far away on one side.
  trim(side) {
    const all = [...this.timeline.messages];
    if (all.length <= MOST) return;
    const gone = side === "older" ? all.slice(0, all.length - MOST + SPARE) : all.slice(MOST - SPARE);
    const seqs = gone.map((element) => Number(element.dataset.seq));
    for (const each of this.timeline.list.querySelectorAll("[data-happened]")) {
      const seq = Number(each.dataset.seq);
      if (side === "older" ? seq < seqs.at(-1) : seq > seqs[0]) each.remove();
    }
    for (const element of gone) element.remove();
    if (side === "older") this.set("older", Number(gone.at(-1).dataset.seq));
    else this.set("newer", Number(all[MOST - SPARE - 1].dataset.seq));
    this.headings();
  }

  // One heading for each day that has messages, before the first of them.
  headings() {
    const seen = new Set();
    let last = null;
    for (const each of [...this.timeline.list.querySelectorAll("[data-day], .k-message")]) {
      if (each.dataset.day === undefined) {
        last = null;
        continue;
      }
      if (seen.has(each.dataset.day)) {
        each.remove();
        continue;
      }
      last?.remove();
      seen.add(each.dataset.day);
      last = each;
    }
    last?.remove();
  }

  // Change the list without moving what is being read.
  still(change) {
    const { log } = this.timeline;
    const top = log.getBoundingClientRect().top;
    const anchor = [...this.timeline.messages].find((each) => each.getBoundingClientRect().bottom > top + 1);
    const was = anchor?.getBoundingClientRect().top;
    change();
    if (anchor?.isConnected) log.scrollTop += anchor.getBoundingClientRect().top - was;
  }

  // Start anew around what is being read, or at the end; the old list stays until the new one is there.
  async reload() {
    const { log } = this.timeline;
    const top = log.getBoundingClientRect().top;
    const anchor = Math.abs(log.scrollTop) < 120
      ? null
      : [...this.timeline.messages].find((each) => each.getBoundingClientRect().bottom > top + 1);
    return this.go(anchor ? { bericht: anchor.dataset.id } : {});
  }

  async go(asked) {
    const part = await this.fetch(asked);
    if (!part) return false;
    this.still(() => {
      const echoes = [...this.timeline.list.querySelectorAll("[data-cid]:not([data-id])")];
      this.timeline.list.replaceChildren(...part.messages, ...echoes);
      this.set("older", number(part.marker.dataset.older));
      this.set("newer", number(part.marker.dataset.newer));
    });
    this.again(part.head);
    return true;
  }

  // From a snapshot of the whole room: its last messages as they stand now.
  async snapshot(messages) {
    if (this.isAtEnd && !this.live.topic && Math.abs(this.timeline.log.scrollTop) < 120) {
      this.timeline.replace(messages);
      this.set("older", messages.length && messages[0].seq > 1 ? messages[0].seq - 1 : null);
      return;
    }
    await this.reload();
  }

  async newest() {
    if (!this.isAtEnd) await this.go({});
    this.timeline.log.scrollTop = 0;
  }

  // Bring one message into view and put the focus on it.
  async show(id) {
    if (!this.timeline.find(id) && !(await this.go({ bericht: id }))) return false;
    const element = this.timeline.find(id);
    if (!element) return false;
    element.tabIndex = -1;
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    for (const each of this.timeline.list.querySelectorAll(".k-message--shown")) each.classList.remove("k-message--shown");
    element.classList.add("k-message--shown");
    return true;
  }

  clicked(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("[data-jump], [data-quote-link], [data-more-older] a, [data-more-newer] a");
    if (!link) return;
    const query = new URL(link.href).searchParams;
    const id = link.dataset.jump ?? query.get("bericht");
    if (id) {
      event.preventDefault();
      this.show(id);
    } else if (link.closest("[data-more-older]")) {
      event.preventDefault();
      this.more("older");
    } else if (link.matches("[data-to-newest]")) {
      event.preventDefault();
      this.newest();
    } else {
      event.preventDefault();
      this.more("newer");
    }
  }
}

function number(text) {
  return text ? Number(text) : null;
}
