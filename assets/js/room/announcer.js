// Tells a screen reader what arrives: one message by name and text, a burst as a number. Never the whole history.
const GATHER = 1200;
const LONGEST = 160;

export class Announcer {
  constructor(element, words) {
    this.element = element;
    this.words = words;
    this.waiting = [];
  }

  add({ name, text }) {
    this.waiting.push({ name, text });
    this.timer ??= setTimeout(() => this.speak(), GATHER);
  }

  speak() {
    const heard = this.waiting;
    this.waiting = [];
    this.timer = undefined;
    const [first] = heard;
    this.element.textContent =
      heard.length === 1
        ? fill(this.words.announceOne, { name: first.name, text: first.text.slice(0, LONGEST) })
        : fill(this.words.announceMany, { number: heard.length });
  }
}

export function fill(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}
