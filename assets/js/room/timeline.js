// The list of messages: events in, elements out. The server made the HTML of a message (cleaned); everything else is
// set as text.
import { fill } from "./announcer.js";

const NEAR = 120;

export class Timeline {
  constructor({ root, live, words }) {
    Object.assign(this, { root, live, words });
    this.log = root.querySelector("[data-log]");
    this.list = root.querySelector("[data-list]");
    this.newest = root.querySelector("[data-newest]");
    this.template = document.getElementById("message-template");
    this.day = new Intl.DateTimeFormat(live.language, { dateStyle: "full", timeZone: "Europe/Amsterdam" });
    this.dayKey = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: "Europe/Amsterdam" });
    this.time = new Intl.DateTimeFormat("nl-NL", { timeStyle: "short", timeZone: "Europe/Amsterdam" });
    this.below = 0;
    this.lastSeq = live.head;
    this.log.addEventListener("scroll", () => this.seen());
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("focus", () => this.seen());
    this.newest.addEventListener("click", () => this.toEnd());
    root.querySelector("[data-jump]")?.addEventListener("click", () => this.log.focus({ preventScroll: true }));
    this.list.addEventListener("click", (event) => {
      const act = event.target.closest("[data-retry], [data-take-back]");
      const cid = act?.closest("[data-cid]")?.dataset.cid;
      if (cid) (act.matches("[data-retry]") ? this.onRetry : this.onTakeBack)(cid);
    });
    this.seen();
  }

  // ---- events ----

  apply(event, outbox) {
    this.lastSeq = event.seq;
    const { message } = event;
    switch (event.kind) {
      case "message.new": {
        if (message.deleted || !this.shows(message)) return null;
        const mine = event.actor?.id === this.live.user ? this.echoOf(message, outbox) : null;
        const element = this.put({ ...message, seq: event.seq, at: event.at, actor: event.actor }, mine);
        this.arrived(event.actor?.id === this.live.user);
        return { name: event.actor?.name ?? "", text: element.querySelector("[data-body]").textContent.trim() };
      }
      case "message.edit": {
        const element = this.find(message.id);
        if (element && !message.deleted) {
          element.querySelector("[data-body]").innerHTML = message.html;
          element.querySelector("[data-edited]").hidden = false;
        }
        return null;
      }
      case "message.delete":
        this.remove(this.find(message.id));
        return null;
      case "room.state":
        this.addTopic(event.room?.topic);
        return null;
      default:
        return null;
    }
  }

  shows(message) {
    return !this.live.topic || message.topic === this.live.topic;
  }

  // The event may be here before the acknowledgement: then the echo with the same text becomes the message.
  echoOf(message, outbox) {
    const entry = outbox.entries.find((each) => each.body.replace(/\r\n?/g, "\n").trim() === message.body);
    return entry ? this.echoes.get(entry.cid) : null;
  }

  // ---- the list ----

  echoes = new Map();

  find(id) {
    return this.list.querySelector(`[data-id="${id}"]`);
  }

  put(message, into) {
    const known = this.find(message.id);
    if (known && into && known !== into) into.remove();
    const element = known ?? into ?? this.build();
    const { actor } = message;
    element.id = `m${message.id}`;
    Object.assign(element.dataset, { id: message.id, seq: message.seq, actor: actor?.id, topic: message.topic });
    const who = element.querySelector("[data-author]").parentElement;
    who.id = `w${message.id}`;
    element.setAttribute("aria-labelledby", who.id);
    this.dress(element, message);
    if (message.deleted) this.remove(element);
    else element.querySelector("[data-body]").innerHTML = message.html;
    element.querySelector("[data-edited]").hidden = !message.editedAt || message.deleted;
    this.allow(element, message);
    this.insert(element, message);
    return element;
  }

  build() {
    return this.template.content.firstElementChild.cloneNode(true);
  }

  dress(element, { at, actor, topic, id }) {
    const isOwn = actor?.id === this.live.user;
    element.classList.toggle("k-message--own", isOwn);
    element.dataset.at = at;
    element.querySelector("[data-author]").textContent = actor?.name ?? "";
    element.querySelector("[data-municipality]").textContent = actor?.municipality ?? "";
    const time = element.querySelector("time");
    time.dateTime = at;
    time.textContent = this.time.format(new Date(at));
    time.parentElement.href = id ? `#m${id}` : "#";
    const named = !this.live.topic && topic && topic !== this.live.general;
    element.querySelector("[data-topic-name]").textContent = named ? (this.live.topics[topic] ?? "") : "";
  }

  allow(element, { id, actor, deleted }) {
    const acts = element.querySelector("[data-acts]");
    const mine = actor?.id === this.live.user && !deleted;
    acts.hidden = !mine;
    for (const link of acts.querySelectorAll("a")) {
      link.hidden = !mine;
      link.href = link.getAttribute("href").replace(/\/berichten\/\d+\//, `/berichten/${id}/`);
    }
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

  remove(element) {
    if (!element) return;
    const gone = document.createElement("p");
    gone.className = "k-message__gone";
    gone.textContent = this.words.removed;
    element.querySelector("[data-body]").replaceChildren(gone);
    element.querySelector("[data-acts]").hidden = true;
    element.querySelector("[data-edited]").hidden = true;
  }

  // A fresh start, without an empty moment in between.
  replace(messages, outbox) {
    const wanted = messages.filter((message) => this.shows(message));
    const ids = new Set(wanted.map((message) => String(message.id)));
    for (const element of this.list.querySelectorAll("[data-id]")) {
      if (!ids.has(element.dataset.id)) element.remove();
    }
    for (const message of wanted) {
      const known = this.find(message.id);
      if (known) this.refresh(known, message);
      else this.put(message, message.actor?.id === this.live.user ? this.echoOf(message, outbox) : null);
    }
    this.seen();
  }

  refresh(element, message) {
    if (message.deleted) return this.remove(element);
    element.querySelector("[data-body]").innerHTML = message.html;
    element.querySelector("[data-edited]").hidden = !message.editedAt;
    return undefined;
  }

  clear() {
    this.list.replaceChildren();
  }

  addTopic(topic) {
    if (topic) this.live.topics[topic.id] = topic.title;
  }

  // ---- what I am sending ----

  echo(entry, isUp) {
    const element = this.build();
    this.root.querySelector("[data-empty]")?.remove();
    element.dataset.cid = entry.cid;
    element.removeAttribute("id");
    element.removeAttribute("aria-labelledby");
    element.querySelector("[data-author]").parentElement.removeAttribute("id");
    const actor = { id: this.live.user, name: this.live.name, municipality: this.live.municipality };
    this.dress(element, { at: entry.at, actor, topic: entry.topic });
    element.querySelector("[data-acts]").hidden = true;
    const body = element.querySelector("[data-body]");
    body.replaceChildren(
      ...entry.body.split(/\n{2,}/).map((part) => {
        const paragraph = document.createElement("p");
        paragraph.className = "k-message__plain";
        paragraph.textContent = part;
        return paragraph;
      }),
    );
    this.echoes.set(entry.cid, element);
    this.list.append(element);
    this.heading(element, entry.at);
    this.status(element, entry, isUp);
    this.toEnd();
  }

  status(element, entry, isUp) {
    const line = element.querySelector("[data-state]");
    line.hidden = false;
    element.dataset.sending = entry.failed ? "failed" : isUp ? "sending" : "waiting";
    if (!entry.failed) {
      line.textContent = isUp ? this.words.sending : this.words.waiting;
      return;
    }
    const reason = this.words[entry.failed] ?? "";
    line.replaceChildren(`${this.words.failed} ${reason} `, button("retry", this.words.again), " ",
      button("takeBack", this.words.back));
  }

  pending(outbox, isUp) {
    for (const entry of outbox.entries) {
      const element = this.echoes.get(entry.cid);
      if (element) this.status(element, entry, isUp);
    }
  }

  acknowledge({ cid, seq, id }, outbox) {
    const entry = outbox.remove(cid);
    const element = this.echoes.get(cid);
    this.echoes.delete(cid);
    if (!element) return;
    delete element.dataset.cid;
    delete element.dataset.sending;
    element.querySelector("[data-state]").hidden = true;
    const known = this.find(id);
    if (known && known !== element) {
      element.remove();
      return;
    }
    if (!known && entry) {
      Object.assign(element.dataset, { id, seq });
      element.id = `m${id}`;
      this.allow(element, { id, actor: { id: this.live.user } });
    }
  }

  refuse(cid, code, outbox) {
    outbox.fail(cid, code);
    const element = this.echoes.get(cid);
    if (element) this.status(element, outbox.find(cid) ?? { failed: code }, true);
  }

  forget(cid) {
    this.echoes.get(cid)?.remove();
    this.echoes.delete(cid);
  }

  // ---- reading ----

  get isAtEnd() {
    return Math.abs(this.log.scrollTop) < NEAR;
  }

  arrived(isOwn) {
    if (this.isAtEnd || isOwn) {
      this.toEnd();
    } else {
      this.below += 1;
      this.newest.hidden = false;
      this.newest.textContent =
        this.below === 1 ? this.words.newestOne : fill(this.words.newestMany, { number: this.below });
    }
  }

  toEnd() {
    this.log.scrollTop = 0;
    this.below = 0;
    this.newest.hidden = true;
    this.seen();
  }

  // Only what is in view of an open and active page counts as read.
  seen() {
    if (document.visibilityState !== "visible" || !document.hasFocus() || !this.isAtEnd) return;
    this.below = 0;
    this.newest.hidden = true;
    clearTimeout(this.reading);
    this.reading = setTimeout(() => {
      this.onRead?.(this.lastSeq);
      this.root.querySelector("[data-jump]")?.remove();
    }, 1000);
  }
}

function button(name, text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "utrecht-button utrecht-button--subtle";
  made.dataset[name === "retry" ? "retry" : "takeBack"] = "";
  made.textContent = text;
  return made;
}
