// The list of topics: titles, what is resolved, and how much is unread, as events and my other tabs move it.
export class Topics {
  constructor({ root, live, timeline }) {
    Object.assign(this, { root, live, timeline });
    this.nav = root.querySelector("[data-topics]");
    this.list = this.nav.querySelector("[data-topic-list]");
    this.ended = this.nav.querySelector("[data-ended]");
    this.template = document.getElementById("topic-template");
  }

  apply(event) {
    if (event.kind === "room.state" && event.room?.topic) this.put(event.room.topic);
    else if (event.kind === "message.move") this.refreshSoon();
    else if (event.kind === "message.new" && event.actor?.id !== this.live.user) this.count(event.message.topic, 1);
  }

  item(id) {
    return this.nav.querySelector(`[data-topic-item="${id}"]`);
  }

  put({ id, title, resolved, general }) {
    let item = this.item(id);
    if (!item) {
      item = this.template.content.firstElementChild.cloneNode(true);
      item.dataset.topicItem = id;
      item.querySelector("a").href = `?onderwerp=${id}`;
    }
    item.querySelector("[data-topic-title]").textContent = title;
    item.querySelector("[data-topic-resolved]").hidden = !resolved;
    const isHere = this.live.topic === id;
    const place = resolved && !isHere ? this.ended.querySelector("[data-ended-list]") : this.list;
    if (item.parentElement !== place) place.append(item);
    this.ended.hidden = !this.ended.querySelector("[data-topic-item]");
    this.choice(id, title, general);
  }

  // The box in which a topic is chosen for a message.
  choice(id, title, general) {
    const select = this.root.querySelector("[data-topic-input]");
    if (!select) return;
    const option = [...select.options].find((each) => Number(each.value) === id) ?? new Option(title, id);
    option.text = title;
    if (option.parentElement) return;
    if (general) select.prepend(option);
    else select.append(option);
  }

  count(id, more) {
    const item = this.item(id);
    const badge = item?.querySelector("[data-count]");
    if (badge) this.show(badge, Number(badge.dataset.count) + more);
    if (item && !item.matches("[data-muted]")) {
      const all = this.nav.querySelector("[data-everything] [data-count]");
      this.show(all, Number(all.dataset.count) + more);
    }
  }

  show(badge, number) {
    badge.dataset.count = Math.max(0, number);
    badge.querySelector("[data-number]").textContent = badge.dataset.count;
    badge.hidden = number <= 0;
  }

  // My place moved, here or in another tab. Everything read needs no question; else the server counts.
  place({ seq, topics = {} }) {
    const behind = Object.values(topics).some((at) => at < seq);
    if (seq < this.timeline.lastSeq || behind) return this.refreshSoon();
    for (const badge of this.nav.querySelectorAll("[data-count]")) this.show(badge, 0);
    return undefined;
  }

  refreshSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.refresh(), 300 + Math.random() * 500);
  }

  async refresh() {
    const answer = await fetch(this.live.state, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const room = await answer.json();
    for (const topic of room.topics) {
      this.put(topic);
      this.show(this.item(topic.id).querySelector("[data-count]"), topic.unread);
    }
    this.show(this.nav.querySelector("[data-everything] [data-count]"), room.unread);
  }

  clear() {
    this.nav.replaceChildren();
  }
}
