// The live room: the page works without this; with it, messages arrive and leave at once.
import { Announcer } from "./room/announcer.js";
import { Composer } from "./room/composer.js";
import { Connection } from "./room/connection.js";
import { LiveState } from "./room/livestate.js";
import { Outbox } from "./room/outbox.js";
import { Sequence } from "./room/sequence.js";
import { Timeline } from "./room/timeline.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const root = document.querySelector("[data-room]");

if (root) {
  const live = read("room-live");
  const words = read("room-words");
  const isPast = new URLSearchParams(location.search).has("tot");
  const outbox = new Outbox(`kringen.outbox.${live.user}.${live.room}`);
  const announcer = new Announcer(root.querySelector("[data-announcer]"), words);
  const timeline = new Timeline({ root, live, words });
  const state = new LiveState(root.querySelector("[data-live]"), words, live.login);

  const sequence = new Sequence({
    seq: live.head,
    epoch: live.epoch,
    apply: (event) => {
      const added = isPast ? null : timeline.apply(event, outbox);
      if (added && event.actor?.id !== live.user) announcer.add(added);
    },
    need: (after) => connection.need(after),
    behind: (isBehind) => state.behind(isBehind),
  });

  const connection = new Connection({
    live,
    sequence,
    outbox,
    onState: (name) => {
      state.show(name);
      timeline.pending(outbox, name === "live" || name === "detour");
    },
    onSnapshot: (messages) => {
      if (!isPast) timeline.replace(messages, outbox);
    },
    onAck: (answer) => timeline.acknowledge(answer, outbox),
    onNack: (cid, code) => timeline.refuse(cid, code, outbox),
    onGone: () => {
      outbox.clear();
      timeline.clear();
      composer?.close();
    },
  });

  const form = root.querySelector("[data-composer]");
  const composer = form && new Composer({ form, live, words, send: (draft) => {
    const entry = outbox.add(draft);
    timeline.echo(entry, connection.isUp);
    connection.flush();
  } });

  timeline.onRetry = (cid) => {
    outbox.retry(cid);
    timeline.pending(outbox, connection.isUp);
    connection.flush();
  };
  timeline.onTakeBack = (cid) => {
    const entry = outbox.remove(cid);
    timeline.forget(cid);
    if (entry) composer?.fill(entry.body);
  };
  timeline.onRead = (seq) => connection.read(seq);

  for (const entry of outbox.entries) timeline.echo(entry, false);
  connection.start();
}
