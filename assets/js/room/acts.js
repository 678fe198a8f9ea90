// Acts on messages without leaving the page: the forms that the server made are sent here, and what it says is shown.
import { newId } from "./outbox.js";

const JSON_PLEASE = { Accept: "application/json" };

export class Acts {
  constructor({ root, words, onReply }) {
    Object.assign(this, { root, words, onReply });
    root.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-act], form[data-signs]");
      if (!form) return;
      event.preventDefault();
      this.send(form, event.submitter);
    });
    root.addEventListener("click", (event) => {
      const more = event.target.closest("[data-more]");
      const reply = event.target.closest("[data-reply]");
      const plain = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
      if (plain || (!more && !reply)) return;
      const message = event.target.closest("[data-id]");
      if (!message) return;
      event.preventDefault();
      if (more) this.toggle(message, more);
      else this.reply(message);
    });
    root.addEventListener("keydown", (event) => {
      const panel = event.key === "Escape" && event.target.closest("[data-panel]");
      if (panel) this.close(panel);
    });
  }

  async send(form, submitter) {
    const data = new FormData(form, submitter);
    if (!data.get("cid") || form.dataset.sent) data.set("cid", newId());
    form.dataset.sent = "1";
    const said = form.querySelector("[data-said]") ?? form.closest("[data-panel]")?.querySelector("[data-said]");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: JSON_PLEASE });
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.ok) {
        const panel = form.closest("[data-panel]");
        if (panel) this.close(panel);
        this.tell(said, "");
      } else {
        this.tell(said, told.sentence ?? this.words.actFailed);
      }
    } catch {
      this.tell(said, this.words.actOffline);
    }
  }

  tell(place, sentence) {
    if (!place) return;
    place.textContent = sentence;
    if (sentence) place.setAttribute("role", "alert");
    else place.removeAttribute("role");
  }

  async toggle(message, link) {
    const open = message.querySelector("[data-panel]");
    if (open) return this.close(open);
    for (const other of this.root.querySelectorAll("[data-panel]")) other.remove();
    const panel = document.createElement("div");
    panel.dataset.panel = "";
    panel.className = "k-message__panel";
    message.append(panel);
    link.setAttribute("aria-expanded", "true");
    try {
      const answer = await fetch(`${link.href}?deel=1`, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      panel.innerHTML = await answer.text(); // made by the server, every text escaped
      panel.querySelector("button, a")?.focus();
      panel.scrollIntoView({ block: "nearest" });
    } catch {
      location.assign(link.href);
    }
    return undefined;
  }

  close(panel) {
    const link = panel.closest("[data-id]").querySelector("[data-more]");
    panel.remove();
    link?.setAttribute("aria-expanded", "false");
    link?.focus();
  }

  reply(message) {
    message.querySelector("[data-panel]")?.remove();
    this.onReply({
      id: Number(message.dataset.id),
      name: message.querySelector("[data-author]").textContent,
      text: message.querySelector("[data-body]").textContent.trim().slice(0, 160),
    });
  }
}
