// Puts events in order: the next must be the last plus one. Lower or equal is known already, higher waits while the
// hole is asked for. One event that cannot be shown does not stop the others.
const MAX_HELD = 200;
const ASK_EVERY = 500;
const TRIES = 3;
const SAY_AFTER = 1000;
const ASK_AFTER = 2000;

export class Sequence {
  constructor({ seq, epoch, apply, need, behind }) {
    Object.assign(this, { seq, epoch, apply, need, behind });
    this.held = new Map();
    this.tries = 0;
    this.wanted = 0;
  }

  take(events) {
    for (const event of events) if (event.seq > this.seq) this.held.set(event.seq, event);
    this.run();
    if (this.held.size) this.ask();
    else if (this.seq >= (this.wanted ?? 0)) this.settled();
    else this.tries = 0;
  }

  run() {
    while (this.held.has(this.seq + 1)) {
      const event = this.held.get(this.seq + 1);
      this.held.delete(this.seq + 1);
      this.seq += 1;
      try {
        this.apply(event);
      } catch (error) {
        console.error(error);
      }
    }
  }

  // The server says how far the room is. Behind for a second: say so; for two: something got lost, ask for it.
  head(seq) {
    this.wanted = seq;
    if (seq <= this.seq) return this.settled();
    this.late ??= setTimeout(() => this.behind(this.wanted > this.seq), SAY_AFTER);
    this.asks ??= setTimeout(() => {
      this.asks = undefined;
      if (this.wanted > this.seq) this.ask();
    }, ASK_AFTER);
    return undefined;
  }

  // A hole is asked for once per half second; after three times, or with too much waiting, comes a snapshot.
  ask() {
    if (this.asking) return;
    this.behind(true);
    this.tries += 1;
    if (this.tries > TRIES || this.held.size > MAX_HELD) {
      this.held.clear();
      this.need(null);
    } else {
      this.need(this.seq);
    }
    this.asking = setTimeout(() => {
      this.asking = undefined;
      if (this.held.size || this.wanted > this.seq) this.ask();
    }, ASK_EVERY);
  }

  settled() {
    clearTimeout(this.late);
    clearTimeout(this.asks);
    clearTimeout(this.asking);
    this.late = this.asks = this.asking = undefined;
    this.tries = 0;
    this.behind(false);
  }

  restart(seq, epoch) {
    for (const known of this.held.keys()) if (known <= seq) this.held.delete(known);
    this.seq = seq;
    this.epoch = epoch;
    this.run();
    this.settled();
  }
}
