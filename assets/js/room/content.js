// What is in messages, beside their text: puts the parts together and hands them the events that concern them.
import { Acts } from "./acts.js";
import { Cards } from "./cards.js";
import { Chips } from "./chips.js";
import { Suggest } from "./suggest.js";
import { Upload } from "./upload.js";

export class Content {
  constructor({ root, live, words, timeline, composer }) {
    Object.assign(this, { root, live, timeline, composer });
    this.hanging = timeline.view.hanging;
    this.list = root.querySelector("[data-list]");
    this.pins = root.querySelector("[data-pins]");
    this.goals = root.querySelector("[data-goal-news]");
    this.cards = new Cards(root);
    new Acts({ root, words, onReply: (message) => this.chips?.answerTo(message) });
    if (composer) this.write(composer, words);
  }

  write(composer, words) {
    const { form } = composer;
    const { live } = this;
    this.chips = new Chips({ form, live, words });
    const upload = new Upload({ form, live, words, chips: this.chips });
    new Suggest({ form, live, words, chips: this.chips, pickFile: () => upload.pick() });
    composer.chips = this.chips;
    const show = form.querySelector("[data-preview-button]");
    const place = form.querySelector("[data-preview]");
    show.addEventListener("click", () => this.preview(composer, place));
    composer.input.addEventListener("input", () => {
      place.hidden = true;
    });
  }

  async preview(composer, place) {
    const data = new FormData();
    const chips = this.chips.chips.map(({ address }) => address);
    data.set("body", [composer.input.value, ...chips].join("\n\n"));
    data.set("csrfmiddlewaretoken", composer.form.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(this.live.preview, { method: "POST", body: data }).catch(() => null);
    place.hidden = !answer;
    if (answer) place.querySelector("[data-preview-text]").innerHTML = await answer.text(); // rendered and cleaned by the server
    place.focus();
  }

  apply(event) {
    const element = event.message && this.timeline.find(event.message.id);
    const holder = element?.querySelector("[data-cards]");
    switch (event.kind) {
      case "reaction":
        return this.hanging.reacted(element, event);
      case "poll.vote":
      case "poll.close":
        return this.cards.changed(holder, event.seq);
      case "pin":
        return this.refreshPins();
      case "goal.state":
        return this.refreshGoals();
      case "message.edit":
        if (element && !event.message.deleted) {
          this.hanging.requote(this.list, event.message.id, { text: element.querySelector("[data-body]").textContent.trim() });
        }
        return undefined;
      case "message.delete":
        this.hanging.requote(this.list, event.message.id, { deleted: true });
        return this.pins.querySelector(`[data-goto="${event.message.id}"]`) && this.refreshPins();
      default:
        return undefined;
    }
  }

  // A goal turned: what that means is made for each reader.
  refreshGoals() {
    clearTimeout(this.turning);
    this.turning = setTimeout(async () => {
      const answer = await fetch(this.goals.dataset.url).catch(() => null);
      if (answer?.ok) this.goals.innerHTML = await answer.text(); // made by the server, every text escaped
    }, 100 + Math.random() * 300);
  }

  // One tab asks once, however many pins came in a burst.
  refreshPins() {
    clearTimeout(this.pinning);
    this.pinning = setTimeout(async () => {
      const answer = await fetch(this.live.pins).catch(() => null);
      if (answer?.ok) this.pins.innerHTML = await answer.text(); // made by the server, every text escaped
    }, 100 + Math.random() * 300);
  }
}
