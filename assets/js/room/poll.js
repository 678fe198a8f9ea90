// Where no socket passes: asks for events and waits for the answer, sends by POST with the same ids.
const WAIT = 25;

export class Poll {
  constructor(connection) {
    this.connection = connection;
    this.isRunning = false;
    this.failures = 0;
  }

  start() {
    if (this.isRunning) return;
    this.isRunning = true;
    this.run();
  }

  stop() {
    this.isRunning = false;
    this.request?.abort();
  }

  async run() {
    const { connection } = this;
    const { sequence, live } = connection;
    while (this.isRunning) {
      try {
        this.request = new AbortController();
        const wait = this.failures ? 0 : WAIT;
        const answer = await fetch(`${live.events}?after=${sequence.seq}&wait=${this.first ? wait : 0}`, {
          signal: this.request.signal,
          headers: { Accept: "application/json" },
        });
        if (answer.status === 401) return connection.end("over");
        if (answer.status === 404) return connection.end("gone");
        if (!answer.ok) throw new Error(answer.status);
        const frame = await answer.json();
        if (!this.isRunning) return undefined;
        if (frame.epoch !== sequence.epoch) return location.reload();
        this.first = true;
        this.failures = 0;
        connection.onState("detour");
        sequence.take(frame.ev);
        this.flush();
      } catch {
        if (!this.isRunning) return undefined;
        this.failures += 1;
        connection.onState(navigator.onLine ? "behind" : "offline");
        await pause(Math.random() * Math.min(30_000, 1000 * 2 ** this.failures));
      }
    }
    return undefined;
  }

  read(seq) {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token());
    data.set("seq", seq);
    if (this.connection.live.topic) data.set("onderwerp", this.connection.live.topic);
    fetch(this.connection.live.read, { method: "POST", body: data }).catch(() => null);
  }

  message({ cid, body, topic, replyTo }) {
    return fetch(this.connection.live.messages, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ cid, body, topic, replyTo }),
    });
  }

  // Another act goes as the form it came from.
  act({ cid, act }) {
    const data = new FormData();
    for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token(), cid, ...act })) data.set(name, value ?? "");
    return fetch(this.connection.live.acts, { method: "POST", headers: { Accept: "application/json" }, body: data });
  }

  async flush() {
    if (this.sending) return;
    this.sending = true;
    const { connection } = this;
    try {
      for (const entry of connection.outbox.toSend) {
        const answer = await (entry.act ? this.act(entry) : this.message(entry));
        if (answer.status >= 500 || answer.status === 429) break;
        const said = await answer.json();
        if (answer.ok) connection.onAck({ ...said, cid: entry.cid });
        else connection.onNack(entry.cid, said.code ?? "failed");
      }
    } catch {
      // no way through now: the entries stay and go with the next round
    } finally {
      this.sending = false;
    }
  }
}

const pause = (wait) => new Promise((resolve) => setTimeout(resolve, wait));

function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}
