// The way to the server: a socket; where none passes, asking over HTTP with the same events and the same answers.
import { Poll } from "./poll.js";

const PROTOCOL = 1;
const SILENCE = 35_000;
const STABLE = 60_000;
const PROBE = 4000;
const SLEPT = 30_000;
const GOT_EVENTS = 50;
const GOT_WITHIN = 1000;
const FINAL = { 4401: "over", 4403: "gone", 4426: "reload" };
const SOCKET_TRIES = 2;

export class Connection {
  constructor(parts) {
    Object.assign(this, parts);
    this.room = this.live.room;
    this.failures = 0;
    this.welcomed = false;
    this.everWelcomed = false;
    this.unacknowledged = 0;
    this.inFlight = new Set();
    this.poll = new Poll(this);
  }

  get isUp() {
    return navigator.onLine && (this.welcomed || this.poll.isRunning);
  }

  start() {
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.onState("offline"));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.now());
    addEventListener("pagehide", () => this.socket?.close(1000));
    addEventListener("pageshow", (event) => event.persisted && this.now());
    setInterval(() => this.watch(), 1000);
    this.connect();
  }

  // Back online, or looked at again: connect at once; a socket that seems open must prove it.
  now() {
    if (this.over) return;
    if (this.socket?.readyState === WebSocket.OPEN && this.welcomed) {
      this.onState("live");
      this.probe();
    } else if (!(this.socket?.readyState <= WebSocket.OPEN)) {
      clearTimeout(this.retry);
      this.connect();
    }
  }

  probe() {
    const { heard } = this;
    this.say({ t: "ping" });
    clearTimeout(this.proving);
    this.proving = setTimeout(() => {
      if (this.heard === heard && this.socket?.readyState === WebSocket.OPEN) this.drop();
    }, PROBE);
  }

  // A socket that went silent is left behind at once; its own close may take a minute.
  drop() {
    const dead = this.socket;
    this.socket = undefined;
    dead.close();
    this.closed(1006);
  }

  connect() {
    this.retry = undefined;
    if (this.over) return;
    if (!navigator.onLine) return this.onState("offline");
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/`);
    this.socket = socket;
    this.heard = performance.now();
    socket.onopen = () => this.say({
      t: "hello",
      v: PROTOCOL,
      rooms: { [this.room]: { epoch: this.sequence.epoch, seq: this.sequence.seq } },
      caps: [],
    });
    socket.onmessage = (message) => {
      if (socket !== this.socket) return;
      this.heard = performance.now();
      this.take(JSON.parse(message.data));
    };
    socket.onclose = (event) => socket === this.socket && this.closed(event.code);
  }

  say(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  take(frame) {
    switch (frame.t) {
      case "welcome":
        return this.welcome(frame);
      case "snapshot":
        this.onSnapshot(frame.messages);
        this.sequence.restart(frame.head, frame.epoch);
        return this.got();
      case "ev":
        this.sequence.take(frame.ev);
        this.unacknowledged += frame.ev.length;
        if (this.unacknowledged >= GOT_EVENTS) this.got();
        else this.soon ??= setTimeout(() => this.got(), GOT_WITHIN);
        return undefined;
      case "hb":
        this.say({ t: "hb" });
        return this.sequence.head(frame.heads[this.room] ?? 0);
      case "ack":
        this.inFlight.delete(frame.cid);
        return this.onAck(frame);
      case "nack":
        return this.refused(frame);
      case "read":
        return this.onPlace(frame);
      case "presence":
        return this.onPresence(frame.people);
      case "typing":
        return this.onTyping(frame);
      case "bye":
        this.wait = frame.retry_ms;
        return undefined;
      default:
        return undefined;
    }
  }

  welcome(frame) {
    const mode = frame.rooms[this.room]?.mode;
    if (mode === "gone") return this.end("gone");
    this.welcomed = this.everWelcomed = true;
    this.wait = undefined;
    this.poll.stop();
    clearTimeout(this.stable);
    this.stable = setTimeout(() => (this.failures = 0), STABLE);
    this.onState("live");
    this.sequence.head(frame.rooms[this.room].head);
    this.inFlight.clear();
    this.flush();
    if (this.readTo) this.read(this.readTo);
    return undefined;
  }

  got() {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.unacknowledged = 0;
    this.say({ t: "got", rooms: { [this.room]: this.sequence.seq } });
  }

  need(after) {
    if (this.poll.isRunning) return;
    this.say(after === null ? { t: "snapshot", room: this.room } : { t: "need", room: this.room, after });
  }

  read(seq) {
    this.readTo = seq;
    if (this.welcomed) this.say({ t: "read", room: this.room, seq, topic: this.live.topic });
    else if (this.poll.isRunning) this.poll.read(seq);
  }

  // What may get lost: who is here, who is writing.
  tell(frame) {
    if (this.welcomed) this.say(frame);
  }

  // One at a time and in order: what is refused for the moment must not be overtaken.
  flush() {
    if (this.poll.isRunning) return this.poll.flush();
    if (!this.welcomed) return undefined;
    for (const entry of this.outbox.toSend) {
      if (this.inFlight.has(entry.cid)) continue;
      this.inFlight.add(entry.cid);
      this.say({ room: this.room, cid: entry.cid, ...(entry.act ?? messageOf(entry)) });
    }
    return undefined;
  }

  refused({ cid, code, retry_ms: wait }) {
    this.inFlight.delete(cid);
    if (code === "retry" || code === "rate") {
      clearTimeout(this.again);
      this.again = setTimeout(() => this.flush(), (wait ?? 1000) * (1 + Math.random()));
    } else {
      this.onNack(cid, code);
    }
  }

  closed(code) {
    this.welcomed = false;
    clearTimeout(this.stable);
    this.inFlight.clear();
    if (FINAL[code]) return this.end(FINAL[code]);
    this.failures += 1;
    if (!this.everWelcomed && this.failures >= SOCKET_TRIES && navigator.onLine) this.poll.start();
    if (!this.poll.isRunning) this.onState(navigator.onLine ? "behind" : "offline");
    this.retry = setTimeout(() => this.connect(), this.pause());
    return undefined;
  }

  // First somewhere within three seconds, then full jitter up to thirty: a thousand tabs must not come at once.
  pause() {
    if (this.wait) {
      const within = this.wait;
      this.wait = undefined;
      return within;
    }
    if (this.poll.isRunning) return 60_000;
    return Math.random() * Math.min(30_000, 3000 * 2 ** Math.max(0, this.failures - 1));
  }

  end(state) {
    this.over = true;
    clearTimeout(this.retry);
    this.poll.stop();
    this.onState(state);
    if (state === "gone") this.onGone();
  }

  watch() {
    // the machine slept: timers jump, and the socket that seems open may be long dead
    const now = Date.now();
    if (now - (this.ticked ?? now) > SLEPT) this.now();
    this.ticked = now;
    if (this.socket?.readyState === WebSocket.OPEN && performance.now() - this.heard > SILENCE) {
      this.drop();
    }
  }
}

function messageOf({ body, topic, replyTo }) {
  return { t: "send", body, ...(topic ? { topic } : {}), ...(replyTo ? { replyTo } : {}) };
}
