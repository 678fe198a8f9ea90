// Says in words whether what stands here is up to date.
export class LiveState {
  constructor(element, words, login) {
    Object.assign(this, { element, words, login });
    this.name = "off";
    this.isBehind = false;
    this.show("connecting");
  }

  show(name) {
    this.name = name;
    this.render();
  }

  behind(isBehind) {
    if (this.isBehind === isBehind) return;
    this.isBehind = isBehind;
    this.render();
  }

  render() {
    const name = this.name === "live" && this.isBehind ? "behind" : this.name;
    if (this.element.dataset.state === name) return;
    this.element.dataset.state = name;
    this.element.textContent = this.words[name] ?? "";
    if (name === "over") {
      const link = document.createElement("a");
      link.href = this.login;
      link.className = "utrecht-link";
      link.textContent = this.words.login;
      this.element.append(" ", link);
    }
  }
}
