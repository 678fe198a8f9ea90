// What hangs on a message besides its text: the quote of what it answers, its cards (fetched later), its signs.
import { fill } from "./announcer.js";

export class Hanging {
  constructor({ live, words }) {
    Object.assign(this, { live, words });
  }

  // From an event or a snapshot; `message` holds only what that brought.
  put(element, message) {
    this.quote(element, message);
    this.cards(element, message);
    if (message.reactions) this.signs(element, whoPutWhat(message));
    element.classList.toggle("k-message--for-me", this.isForMe(message.mentions ?? []));
    const acts = element.querySelector("[data-signs]");
    acts.action = at(acts.getAttribute("action"), message.id);
  }

  isForMe(mentions) {
    return mentions.some(
      ({ kind, id }) =>
        kind === "kring" ||
        (kind === "person" && id === this.live.user) ||
        (kind === "municipality" && id === this.live.municipalityId),
    );
  }

  quote(element, message) {
    const block = element.querySelector("[data-quote]");
    const { replyTo } = message;
    block.hidden = !replyTo;
    if (!replyTo) return;
    block.dataset.quotes = replyTo;
    block.querySelector("[data-quote-link]").setAttribute("href", `?bericht=${replyTo}#m${replyTo}`);
    if (message.quote) return this.quoted(block, message.quote);
    const asked = document.getElementById(`m${replyTo}`);
    this.quoted(block, {
      name: asked?.querySelector("[data-author]").textContent ?? "",
      text: asked?.querySelector("[data-body]").textContent.trim().slice(0, 160) ?? this.words.quoteElsewhere,
    });
    return undefined;
  }

  quoted(block, { name, text, deleted }) {
    block.querySelector("[data-quote-name]").textContent = deleted ? "" : name;
    block.querySelector("[data-quote-text]").textContent = deleted
      ? this.words.removed
      : text || this.words.withoutText;
  }

  // Answers to a message that was changed or taken away show that.
  requote(list, id, { text, deleted }) {
    for (const block of list.querySelectorAll(`[data-quotes="${id}"]`)) {
      const name = block.querySelector("[data-quote-name]").textContent;
      this.quoted(block, { name, text: text?.slice(0, 160), deleted });
    }
  }

  cards(element, { id, cards, cardsSeq, seq }) {
    const holder = element.querySelector("[data-cards]");
    holder.dataset.src = at(holder.dataset.src, id);
    const link = holder.querySelector("[data-cards-link]");
    if (link) link.href = at(link.getAttribute("href"), id);
    holder.hidden = !cards?.length;
    holder.dataset.cardsSeq = cardsSeq ?? seq ?? 0;
    const kinds = holder.querySelector("[data-cards-kinds]");
    if (kinds && cards) kinds.textContent = cards.map(({ kind }) => this.words[`card_${kind}`] ?? "").join(", ");
  }

  reacted(element, { actor, reaction }) {
    if (!element || !reaction || !actor) return;
    const found = this.read(element);
    const people = found.get(reaction.emoji) ?? new Map();
    if (reaction.on) people.set(actor.id, actor.name);
    else people.delete(actor.id);
    if (people.size) found.set(reaction.emoji, people);
    else found.delete(reaction.emoji);
    this.signs(element, found);
  }

  read(element) {
    const found = new Map();
    for (const button of element.querySelectorAll("[data-signs] [data-sign]")) {
      const names = button.dataset.names ? JSON.parse(button.dataset.names) : [];
      const ids = button.dataset.who.split(" ").map(Number);
      found.set(button.dataset.sign, new Map(ids.map((id, index) => [id, names[index] ?? ""])));
    }
    return found;
  }

  signs(element, found) {
    const form = element.querySelector("[data-signs]");
    form.hidden = !found.size;
    form.querySelector("ul").replaceChildren(
      ...[...found].map(([emoji, people]) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        const isMine = people.has(this.live.user);
        const names = [...people.values()];
        const said = fill(this.words.signSaid, { sign: this.live.signs[emoji] ?? emoji, names: names.join(", ") });
        Object.assign(button, { type: "submit", name: isMine ? "off" : "emoji", value: emoji, title: said });
        button.setAttribute("aria-pressed", isMine);
        Object.assign(button.dataset, { sign: emoji, who: [...people.keys()].join(" "), names: JSON.stringify(names) });
        button.append(span(`${emoji} ${people.size}`, { "aria-hidden": "true" }), span(said, { class: "k-visually-hidden" }));
        item.append(button);
        return item;
      }),
    );
  }

  gone(element) {
    element.querySelector("[data-quote]").hidden = true;
    element.querySelector("[data-cards]").hidden = true;
    element.querySelector("[data-cards]").replaceChildren();
    element.querySelector("[data-signs]").hidden = true;
    element.querySelector("[data-panel]")?.remove();
    element.classList.remove("k-message--for-me");
  }
}

function whoPutWhat({ reactions, names = {} }) {
  return new Map(
    Object.entries(reactions).map(([emoji, ids]) => [emoji, new Map(ids.map((id) => [id, names[id] ?? ""]))]),
  );
}

function span(text, attributes) {
  const made = document.createElement("span");
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function at(address, id) {
  return address.replace(/\/berichten\/\d+\//, `/berichten/${id}/`);
}
