// One message as an element, filled from an event or a snapshot. The server made the HTML of its text (cleaned);
// everything else is set as text.
import { Hanging } from "./hanging.js";

export class MessageView {
  constructor({ live, words }) {
    Object.assign(this, { live, words });
    this.hanging = new Hanging({ live, words });
    this.template = document.getElementById("message-template");
    this.time = new Intl.DateTimeFormat("nl-NL", { timeStyle: "short", timeZone: "Europe/Amsterdam" });
  }

  build() {
    return this.template.content.firstElementChild.cloneNode(true);
  }

  fill(element, message) {
    const { id, seq, actor, topic } = message;
    element.id = `m${id}`;
    Object.assign(element.dataset, { id, seq, actor: actor?.id, topic });
    const who = element.querySelector("[data-author]").parentElement;
    who.id = `w${id}`;
    element.setAttribute("aria-labelledby", who.id);
    this.dress(element, message);
    if (message.deleted) this.remove(element, message.moderated);
    else this.write(element, message);
    element.querySelector("[data-edited]").hidden = !message.editedAt || message.deleted;
    this.allow(element, message);
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
    time.parentElement.href = id ? `?bericht=${id}` : "#";
    element.dataset.topic = topic ?? this.live.general;
    this.label(element);
  }

  // In which topic it is, where more than one is shown.
  label(element) {
    const topic = Number(element.dataset.topic);
    const named = !this.live.topic && topic && topic !== this.live.general;
    element.querySelector("[data-topic-name]").textContent = named ? (this.live.topics[topic] ?? "") : "";
  }

  allow(element, { id, actor, deleted }) {
    const acts = element.querySelector("[data-acts]");
    const mine = actor?.id === this.live.user;
    const order = mine || this.live.keepsOrder ? "[data-delete], [data-move], " : "";
    acts.hidden = Boolean(deleted);
    for (const link of acts.querySelectorAll("a")) {
      link.hidden = !mine && !link.matches(`${order}[data-reply], [data-more]`);
      link.href = link
        .getAttribute("href")
        .replace(/\/berichten\/\d+\//, `/berichten/${id}/`)
        .replace(/antwoord=\d+/, `antwoord=${id}`);
    }
  }

  write(element, message) {
    element.querySelector("[data-body]").innerHTML = message.html;
    this.hanging.put(element, message);
  }

  refresh(element, message) {
    if (message.deleted) return this.remove(element, message.moderated);
    this.write(element, message);
    element.querySelector("[data-edited]").hidden = !message.editedAt;
    return undefined;
  }

  remove(element, moderated) {
    if (!element) return;
    const gone = document.createElement("p");
    gone.className = "k-message__gone";
    gone.textContent = [
      this.words.removed,
      moderated && this.words.moderated,
      moderated?.reason && `${this.words.reasonIs} ${moderated.reason}`,
    ].filter(Boolean).join(" ");
    this.hanging.gone(element);
    element.querySelector("[data-body]").replaceChildren(gone);
    element.querySelector("[data-acts]").hidden = true;
    element.querySelector("[data-edited]").hidden = true;
  }
}
