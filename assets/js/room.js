// The live room: the page works without this; with it, messages arrive and leave at once.
import { Announcer } from "./room/announcer.js";
import { Company } from "./room/company.js";
import { Composer, forgetDrafts } from "./room/composer.js";
import { Connection } from "./room/connection.js";
import { Content } from "./room/content.js";
import { Echoes } from "./room/echoes.js";
import { Keys } from "./room/keys.js";
import { LiveState } from "./room/livestate.js";
import { Outbox } from "./room/outbox.js";
import { Reading } from "./room/reading.js";
import { Sequence } from "./room/sequence.js";
import { Timeline } from "./room/timeline.js";
import { Topics } from "./room/topics.js";
import { Window } from "./room/window.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const root = document.querySelector("[data-room]");

if (root) {
  const live = read("room-live");
  const words = read("room-words");
  const outbox = new Outbox(`kringen.outbox.${live.user}.${live.room}`);
  const announcer = new Announcer(root.querySelector("[data-announcer]"), words);
  const timeline = new Timeline({ root, live, words });
  timeline.echoes = new Echoes({ timeline, outbox, words, live });
  timeline.window = new Window({ timeline, live, words });
  timeline.reading = new Reading({ timeline, words, live });
  const topics = new Topics({ root, live, timeline });
  const state = new LiveState(root.querySelector("[data-live]"), words, live.login);

  const sequence = new Sequence({
    seq: live.head,
    epoch: live.epoch,
    apply: (event) => {
      timeline.window.remember(event);
      const added = timeline.apply(event);
      topics.apply(event);
      content.apply(event);
      if (event.kind === "room.state" && typeof event.room?.closed === "boolean") composer?.pause(event.room.closed);
      if (event.actor) company.stopped(event.actor.id);
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
      timeline.echoes.pending(name === "live" || name === "detour");
      if (name === "live") company.here();
      else company.clear();
    },
    onSnapshot: (messages) => {
      timeline.window.snapshot(messages);
      topics.refreshSoon();
      content.refreshPins();
    },
    onAck: (answer) => timeline.echoes.acknowledge(answer),
    onNack: (cid, code) => timeline.echoes.refuse(cid, code),
    onPlace: (place) => {
      timeline.reading.place(place);
      topics.place(place);
    },
    onPresence: (people) => company.showPresent(people),
    onTyping: (frame) => company.showTyping(frame),
    // Not mine any more: nothing of it may stay in this browser.
    onGone: () => {
      outbox.clear();
      forgetDrafts(live);
      timeline.clear();
      topics.clear();
      composer?.close();
      for (const part of root.querySelectorAll("[data-pins], .k-room__aside, .k-talk__jump")) part.remove();
    },
  });

  const company = new Company({ root, live, words, say: (frame) => connection.tell(frame) });
  const form = root.querySelector("[data-composer]");
  const composer = form && new Composer({ form, live, words, send: async (draft) => {
    const entry = outbox.add(draft);
    await timeline.window.newest();
    timeline.echoes.show(entry, connection.isUp);
    timeline.reading.toEnd();
    connection.flush();
  } });

  const content = new Content({ root, live, words, timeline, composer });
  new Keys({ root, timeline, composer });

  timeline.echoes.onRetry = (cid) => {
    outbox.retry(cid);
    timeline.echoes.pending(connection.isUp);
    connection.flush();
  };
  timeline.echoes.onTakeBack = (cid) => {
    const entry = outbox.remove(cid);
    timeline.echoes.forget(cid);
    if (entry) composer?.fill(entry.body);
  };
  timeline.reading.onRead = (seq) => connection.read(seq);

  for (const entry of outbox.entries) timeline.echoes.show(entry, false);
  if (!timeline.log.dataset.focus) timeline.reading.seen();
  connection.start();
}
