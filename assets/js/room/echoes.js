// What I am sending, in its place in the list until the server has stored it: sending, kept, or not sent and why.
export class Echoes {
  constructor({ timeline, outbox, words, live }) {
    Object.assign(this, { timeline, outbox, words, live });
    this.elements = new Map();
    timeline.list.addEventListener("click", (event) => {
      const act = event.target.closest("[data-retry], [data-take-back]");
      const cid = act?.closest("[data-cid]")?.dataset.cid;
      if (cid) (act.matches("[data-retry]") ? this.onRetry : this.onTakeBack)(cid);
    });
  }

  // The event may be here before the acknowledgement: then the echo with the same text becomes the message.
  of(message) {
    const entry = this.outbox.entries.find(
      (each) => each.cid === message.cid || each.body.replace(/\r\n?/g, "\n").trim() === message.body,
    );
    return entry ? this.elements.get(entry.cid) : null;
  }

  show(entry, isUp) {
    const { view, list, root } = this.timeline;
    const element = view.build();
    root.querySelector("[data-empty]")?.remove();
    element.dataset.cid = entry.cid;
    element.removeAttribute("id");
    element.removeAttribute("aria-labelledby");
    element.querySelector("[data-author]").parentElement.removeAttribute("id");
    const actor = { id: this.live.user, name: this.live.name, municipality: this.live.municipality };
    view.dress(element, { at: entry.at, actor, topic: entry.topic });
    element.querySelector("[data-acts]").hidden = true;
    const body = element.querySelector("[data-body]");
    body.replaceChildren(...entry.body.split(/\n{2,}/).map(paragraph));
    this.elements.set(entry.cid, element);
    list.append(element);
    this.timeline.heading(element, entry.at);
    this.status(element, entry, isUp);
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
    line.replaceChildren(
      `${this.words.failed} ${reason} `,
      button("retry", this.words.again),
      " ",
      button("takeBack", this.words.back),
    );
  }

  pending(isUp) {
    for (const entry of this.outbox.entries) {
      const element = this.elements.get(entry.cid);
      if (element) this.status(element, entry, isUp);
    }
  }

  acknowledge({ cid, seq, id }) {
    const entry = this.outbox.remove(cid);
    const element = this.elements.get(cid);
    this.elements.delete(cid);
    if (!element) return;
    delete element.dataset.cid;
    delete element.dataset.sending;
    element.querySelector("[data-state]").hidden = true;
    const known = this.timeline.find(id);
    if (known && known !== element) {
      element.remove();
    } else if (!known && entry) {
      Object.assign(element.dataset, { id, seq });
      element.id = `m${id}`;
      this.timeline.view.allow(element, { id, actor: { id: this.live.user } });
    }
  }

  refuse(cid, code) {
    this.outbox.fail(cid, code);
    const element = this.elements.get(cid);
    if (element) this.status(element, this.outbox.find(cid) ?? { failed: code }, true);
  }

  forget(cid) {
    this.elements.get(cid)?.remove();
    this.elements.delete(cid);
  }
}

function paragraph(text) {
  const made = document.createElement("p");
  made.className = "k-message__plain";
  made.textContent = text;
  return made;
}

function button(name, text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "utrecht-button utrecht-button--subtle";
  made.dataset[name] = "";
  made.textContent = text;
  return made;
}
