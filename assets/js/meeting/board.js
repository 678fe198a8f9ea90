// What is written down under the items: notes, decisions, actions; and the polls. Every text is set as text.
import { fill } from "../room/announcer.js";

const build = (name) => document.getElementById(`${name}-template`).content.firstElementChild.cloneNode(true);

export class Board {
  constructor({ root, live, words, cards }) {
    Object.assign(this, { root, live, words, cards });
    this.time = new Intl.DateTimeFormat("nl-NL", { timeStyle: "short", timeZone: "Europe/Amsterdam" });
    this.day = new Intl.DateTimeFormat(live.language, { dateStyle: "long" });
  }

  // Returns what was said, for who listens.
  take(event) {
    const name = event.actor?.name ?? "";
    if (event.note) return this.note(event, name);
    if (event.decision) return this.decision(event.decision, name);
    if (event.action) return this.action(event.action, name);
    if (event.hand?.up) return { name, text: fill(this.words.asksToSpeak, { name }) };
    if (event.kind === "message.new") return this.poll(event);
    if (event.poll) this.cards.changed(this.root.querySelector(`[data-poll-of="${event.message.id}"]`), event.seq);
    return null;
  }

  list(kind, item) {
    return this.root.querySelector(`[data-${kind}="${item ?? 0}"]`) ?? this.root.querySelector(`[data-${kind}="0"]`);
  }

  // Puts a line in its list, or returns the one that is there.
  line(kind, list, id, template) {
    const known = this.root.querySelector(`[data-${kind}-id="${id}"]`);
    if (known) return known;
    const made = build(template);
    made.dataset[`${kind}Id`] = id;
    this.list(list.kind, list.item)?.append(made);
    return made;
  }

  note({ note, actor, at }, name) {
    if (note.removed) {
      this.root.querySelector(`[data-note-id="${note.id}"]`)?.remove();
      return null;
    }
    const line = this.line("note", { kind: "notes", item: note.item }, note.id, "note");
    const isOpen = line.querySelector("[data-edit]").open;
    line.querySelector("[data-text]").replaceChildren(
      ...note.text.split("\n").flatMap((text, number) => (number ? [document.createElement("br"), text] : [text])),
    );
    line.querySelector("[data-author]").textContent = name;
    line.querySelector("[data-municipality]").textContent = actor?.municipality ?? "";
    line.querySelector("[data-edited]").hidden = !note.edited;
    const time = line.querySelector("[data-time]");
    if (!note.edited) {
      time.dateTime = at;
      time.textContent = this.time.format(new Date(at));
    }
    const edit = line.querySelector("[data-edit]");
    edit.hidden = this.live.screen || this.live.fixed || actor?.id !== this.live.user;
    edit.open = isOpen && !note.edited;
    edit.querySelector("[name=note]").value = note.id;
    edit.querySelector("[name=text]").value = note.text;
    return { name, text: note.edited ? note.text : `${fill(this.words.noteBy, { name })}: ${note.text}` };
  }

  decision({ id, item, label, text }, name) {
    const line = this.line("decision", { kind: "decisions", item }, id, "decision");
    line.querySelector("[data-label]").textContent = label;
    line.querySelector("[data-text]").textContent = text;
    return { name, text: fill(this.words.decided, { text }) };
  }

  action({ id, item, text, owner, due }, name) {
    const line = this.line("action", { kind: "actions", item }, id, "action");
    line.querySelector("[data-text]").textContent = text;
    line.querySelector("[data-owner]").textContent = owner.municipality
      ? `${owner.name} (${owner.municipality})`
      : owner.name;
    line.querySelector("[data-due]").textContent = due
      ? fill(this.words.by, { day: this.day.format(new Date(due)) })
      : this.words.noDay;
    return { name, text: fill(this.words.promised, { text }) };
  }

  poll({ message, actor, seq }) {
    const polls = this.root.querySelector("[data-polls]");
    if (!message.cards?.some((card) => card.kind === "poll")) return null;
    if (polls && !polls.querySelector(`[data-poll-of="${message.id}"]`)) {
      const holder = document.createElement("div");
      holder.className = "k-meeting-live__poll";
      holder.dataset.pollOf = message.id;
      holder.dataset.cards = "";
      holder.dataset.cardsSeq = seq;
      holder.dataset.src = this.live.poll.replace("/berichten/0/", `/berichten/${message.id}/`);
      polls.prepend(holder);
    }
    return { name: actor?.name ?? "", text: this.words.card_poll };
  }
}
