// What was written and not yet acknowledged. It survives a reload, a crash and a day without a connection; every
// entry keeps the id it was born with, so sending it twice stores it once.
export class Outbox {
  constructor(key) {
    this.key = key;
    this.entries = this.load();
  }

  load() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  // Another tab may have sent or added something: what is stored is merged, never overwritten.
  change(how) {
    const stored = new Map(this.load().map((entry) => [entry.cid, entry]));
    how(stored);
    this.entries = [...stored.values()];
    try {
      if (this.entries.length) localStorage.setItem(this.key, JSON.stringify(this.entries));
      else localStorage.removeItem(this.key);
    } catch {
      // no storage (private window): kept in memory only
    }
  }

  // A message, or with `act` another act of the protocol: what its frame holds beside room and cid.
  add({ body, topic, replyTo = null, act }) {
    const entry = { cid: newId(), body, topic, replyTo, act, at: new Date().toISOString(), failed: null };
    this.change((all) => all.set(entry.cid, entry));
    if (!this.find(entry.cid)) this.entries.push(entry);
    return entry;
  }

  find(cid) {
    return this.entries.find((entry) => entry.cid === cid);
  }

  remove(cid) {
    const entry = this.find(cid);
    this.change((all) => all.delete(cid));
    return entry;
  }

  fail(cid, code) {
    this.change((all) => {
      if (all.has(cid)) all.get(cid).failed = code;
    });
  }

  retry(cid) {
    this.change((all) => {
      const entry = all.get(cid);
      if (!entry) return;
      entry.failed = null;
    });
  }

  // In the order in which they were written, and not what was refused for good.
  get toSend() {
    return this.entries.filter((entry) => !entry.failed);
  }

  clear() {
    this.change((all) => all.clear());
  }
}

// UUID version 7: the first bits are the time, which keeps the index of the database short and ordered.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
