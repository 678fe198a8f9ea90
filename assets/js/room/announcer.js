// Tells a screen reader what arrives: one message by name and text, a burst as a number. Never the whole history.
const GATHER = 1200;
const BUSY = 6000; // in a lively conversation a sum of it now and then, not a voice without end
const LONGEST = 160;

export class Announcer {
  constructor(element, words) {
    this.element = element;
    this.words = words;
    this.waiting = [];
  }

  add({ name, text }) {
    this.waiting.push({ name, text });
    const isBusy = performance.now() - (this.spoke ?? -BUSY) < BUSY;
    this.timer ??= setTimeout(() => this.speak(), isBusy ? BUSY : GATHER);
  }

  speak() {
    const heard = this.waiting;
    this.waiting = [];
    this.timer = undefined;
    this.spoke = performance.now();
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
