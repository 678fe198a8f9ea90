// The list of messages: events in, elements in their place. How one message looks: message.js; which part of a long
// conversation is in the list: window.js; what I am sending: echoes.js; what I have read: reading.js.
import { MessageView } from "./message.js";

export class Timeline {
  constructor({ root, live, words }) {
    Object.assign(this, { root, live, words });
    this.log = root.querySelector("[data-log]");
    this.list = root.querySelector("[data-list]");
    this.view = new MessageView({ live, words });
    this.day = new Intl.DateTimeFormat(live.language, { dateStyle: "full", timeZone: "Europe/Amsterdam" });
    this.dayKey = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: "Europe/Amsterdam" });
    this.lastSeq = live.head;
  }

  // Returns what was said, when that is new here and of interest to who listens.
  apply(event) {
    this.lastSeq = Math.max(this.lastSeq, event.seq);
    const { message } = event;
    switch (event.kind) {
      case "message.new":
        return this.arrive(event);
      case "message.edit": {
        const element = this.find(message.id);
        if (element && !message.deleted) this.view.refresh(element, { ...message, seq: event.seq, editedAt: event.at });
        return null;
      }
      case "message.delete":
        this.view.remove(this.find(message.id), event.moderated);
        return null;
      case "message.move":
        return this.move(event.moved);
      case "room.state":
        return this.rename(event.room?.topic);
      case "member.join":
      case "member.leave":
        return this.happen(event);
      default:
        return null;
    }
  }

  arrive(event) {
    const { message, actor } = event;
    if (message.deleted || !this.shows(message)) return null;
    const isOwn = actor?.id === this.live.user;
    const echo = isOwn ? this.echoes.of(message) : null;
    if (!this.window.isAtEnd) {
      echo?.remove();
      this.reading.arrived(false);
      return { name: actor?.name ?? "", text: message.body };
    }
    const element = this.put({ ...message, seq: event.seq, at: event.at, actor }, echo);
    this.window.trim("older");
    this.reading.arrived(isOwn);
    return { name: actor?.name ?? "", text: element.querySelector("[data-body]").textContent.trim() };
  }

  shows(message) {
    return !this.live.topic || message.topic === this.live.topic;
  }

  // All messages of one topic between two numbers are in another topic now.
  move(moved) {
    if (!moved) return null;
    for (const element of this.messages) {
      const seq = Number(element.dataset.seq);
      if (Number(element.dataset.topic) !== moved.from || seq < moved.first || seq > moved.last) continue;
      element.dataset.topic = moved.to;
      if (this.live.topic) element.remove();
      else this.view.label(element);
    }
    if (this.live.topic === moved.to) this.window.reload();
    return null;
  }

  rename(topic) {
    if (!topic) return null;
    this.live.topics[topic.id] = topic.title;
    for (const element of this.list.querySelectorAll(`[data-topic="${topic.id}"]`)) this.view.label(element);
    return null;
  }

  // Who came and who left, as a line between the messages.
  happen(event) {
    if (this.live.topic || !this.window.isAtEnd || this.list.querySelector(`[data-happened="${event.seq}"]`)) return null;
    const line = document.createElement("p");
    line.className = "k-log__happened";
    Object.assign(line.dataset, { happened: event.seq, seq: event.seq });
    const time = document.createElement("time");
    time.dateTime = event.at;
    time.textContent = this.view.time.format(new Date(event.at));
    const name = event.member?.municipality ?? event.actor?.name ?? "";
    line.append(time, ` ${this.words[event.kind].replace("%(name)s", name)}`);
    this.insert(line, event);
    return null;
  }

  holds({ dataset: { id, happened } }) {
    if (happened) return Boolean(this.list.querySelector(`[data-happened="${happened}"]`));
    return Boolean(id && this.find(id));
  }

  get messages() {
    return this.list.querySelectorAll("[data-id]");
  }

  find(id) {
    return this.list.querySelector(`[data-id="${id}"]`);
  }

  put(message, into) {
    const known = this.find(message.id);
    if (known && into && known !== into) into.remove();
    const element = known ?? into ?? this.view.build();
    this.view.fill(element, message);
    this.insert(element, message);
    return element;
  }

  insert(element, { seq, at }) {
    this.root.querySelector("[data-empty]")?.remove();
    const after = [...this.list.querySelectorAll("[data-seq]")].findLast(
      (each) => each !== element && Number(each.dataset.seq) < seq,
    );
    const echo = this.list.querySelector("[data-cid]:not([data-id])");
    if (after) after.after(element);
    else if (echo && echo !== element) echo.before(element);
    else this.list.append(element);
    this.heading(element, at);
  }

  heading(element, at) {
    const key = this.dayKey.format(new Date(at));
    if (this.list.querySelector(`[data-day="${key}"]`)) return;
    const heading = document.createElement("h3");
    heading.className = "k-log__day";
    heading.dataset.day = key;
    const label = document.createElement("span");
    label.textContent = this.day.format(new Date(at));
    heading.append(label);
    element.before(heading);
  }

  // A fresh start from what the server says stands there, without an empty moment in between.
  replace(messages) {
    const ids = new Set(messages.map((message) => String(message.id)));
    for (const element of this.messages) if (!ids.has(element.dataset.id)) element.remove();
    for (const message of messages) {
      const known = this.find(message.id);
      if (known) this.view.refresh(known, message);
      else this.put(message, message.actor?.id === this.live.user ? this.echoes.of(message) : null);
    }
  }

  clear() {
    this.list.replaceChildren();
  }
}
