// Files into the text box: chosen, dropped or pasted; how far it is stands in words and in a bar.
import { fill } from "./announcer.js";

export class Upload {
  constructor({ form, live, words, chips }) {
    Object.assign(this, { live, words, chips });
    this.form = form;
    this.input = form.querySelector("[data-file-input]");
    this.said = form.querySelector("[data-upload-said]");
    this.bar = form.querySelector("[data-upload-bar]");
    this.body = form.querySelector("[data-body-input]");
    this.input.addEventListener("change", () => this.chosen());
    this.chosen(); // on a slow line somebody may have chosen before this ran
    for (const name of ["dragover", "dragenter"]) {
      form.addEventListener(name, (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        form.dataset.drop = "1";
      });
    }
    form.addEventListener("dragleave", (event) => {
      if (!form.contains(event.relatedTarget)) delete form.dataset.drop;
    });
    form.addEventListener("drop", (event) => {
      delete form.dataset.drop;
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.send([...event.dataTransfer.files]);
    });
    this.body.addEventListener("paste", (event) => this.paste(event));
  }

  // A pasted address of this site becomes a label; pasted files are brought.
  paste(event) {
    const files = [...event.clipboardData.files];
    const text = event.clipboardData.getData("text/plain").trim();
    if (files.length && !text) {
      event.preventDefault();
      this.send(files);
      return;
    }
    const address = text.startsWith(`${location.origin}/`) && !/\s/.test(text) && text.slice(location.origin.length);
    const kind = address && this.live.cardAddresses.find(([start]) => address.startsWith(start));
    if (kind) {
      event.preventDefault();
      this.chips.add({ address, label: `${this.words[`card_${kind[1]}`]} (${address.split("?")[0]})` });
    }
  }

  chosen() {
    const files = [...this.input.files];
    this.input.value = "";
    this.send(files);
  }

  pick() {
    this.input.click();
  }

  async send(files) {
    for (const file of files) await this.one(file);
  }

  one(file) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest(); // fetch tells nothing of how far an upload is
      const data = new FormData();
      data.set("file", file);
      data.set("csrfmiddlewaretoken", this.form.querySelector("[name=csrfmiddlewaretoken]").value);
      request.open("POST", this.live.attach);
      request.setRequestHeader("Accept", "application/json");
      this.bar.hidden = false;
      this.bar.value = 0;
      this.say(fill(this.words.uploading, { name: file.name }));
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) this.bar.value = event.loaded / event.total;
      });
      request.addEventListener("loadend", () => {
        this.bar.hidden = true;
        let told = {};
        try {
          told = JSON.parse(request.responseText);
        } catch {
          // an answer without words: said below
        }
        if (request.status === 201) {
          this.chips.add(told);
          this.say(fill(this.words.uploaded, { name: told.label }));
        } else {
          this.say(`${file.name}: ${told.sentence ?? this.words.uploadFailed}`, true);
        }
        resolve();
      });
      request.send(data);
    });
  }

  say(sentence, isBad = false) {
    this.said.textContent = sentence;
    this.said.classList.toggle("k-composer__errors", isBad);
  }
}
