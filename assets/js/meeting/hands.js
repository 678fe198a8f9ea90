// Who asks to speak, in the order of asking.
export class Hands {
  constructor({ root, live }) {
    Object.assign(this, { root, live });
    this.list = root.querySelector("[data-hands]");
    this.count();
  }

  take({ id, up, name, municipality }) {
    const known = this.list.querySelector(`[data-hand="${id}"]`);
    if (!up) known?.remove();
    else if (!known) this.list.append(this.build({ id, name, municipality }));
    this.count();
  }

  build({ id, name, municipality }) {
    const made = document.getElementById("hand-template").content.firstElementChild.cloneNode(true);
    made.dataset.hand = id;
    made.querySelector("[data-author]").textContent = name;
    made.querySelector("[data-municipality]").textContent = municipality ?? "";
    const button = made.querySelector("[name=person]");
    if (button) button.value = id;
    return made;
  }

  // Whether anybody asks, and whether I do; when the meeting ends all hands are down.
  count() {
    this.root.querySelector("[data-no-hands]").hidden = this.list.childElementCount > 0;
    const form = this.root.querySelector("[data-hand-form]");
    if (!form) return;
    const mine = Boolean(this.list.querySelector(`[data-hand="${this.live.user}"]`));
    const { activeElement } = document;
    const up = form.querySelector("[data-up]");
    const down = form.querySelector("[data-down]");
    up.hidden = mine;
    down.hidden = !mine;
    if (activeElement === up || activeElement === down) (mine ? down : up).focus();
  }

  clear() {
    this.list.replaceChildren();
    this.count();
  }
}
