// A meeting that is held: every screen follows the log of its room. The page works without this, by its forms.
import { Board } from "./meeting/board.js";
import { Hands } from "./meeting/hands.js";
import { Progress } from "./meeting/progress.js";
import { Refresh } from "./meeting/refresh.js";
import { wait } from "./meeting/waiting.js";
import { Writing } from "./meeting/writing.js";
import { Acts } from "./room/acts.js";
import { Announcer } from "./room/announcer.js";
import { Cards } from "./room/cards.js";
import { Connection } from "./room/connection.js";
import { LiveState } from "./room/livestate.js";
import { Outbox } from "./room/outbox.js";
import { Sequence } from "./room/sequence.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const root = document.querySelector("[data-meeting]");

const live = root ? read("meeting-live") : null;
const words = root ? read("meeting-words") : null;

if (live && live.room === null) {
  new Cards(root);
  wait({ root, live, words });
} else if (live) {
  const outbox = new Outbox(`kringen.meeting.${live.user}.${live.room}`);
  const announcer = new Announcer(root.querySelector("[data-announcer]"), words);
  const status = new LiveState(root.querySelector("[data-live]"), words, live.login);
  const cards = new Cards(root);
  const progress = new Progress({ root, live, words });
  const board = new Board({ root, live, words, cards });
  const hands = new Hands({ root, live });
  new Acts({ root, words, onReply: () => null });

  const show = (event) => {
    if (event.meeting && !progress.take(event.meeting)) refresh.soon();
    if (event.meeting && !event.meeting.running) hands.clear();
    if (event.hand) hands.take(event.hand);
    if (event.kind === "agenda.change") refresh.soon();
    return board.take(event);
  };

  const sequence = new Sequence({
    seq: live.head,
    epoch: live.epoch,
    apply: (event) => {
      writing.arrived(event);
      refresh.saw(event);
      const said = show(event);
      if (said && event.actor?.id !== live.user) announcer.add(said);
    },
    need: (after) => connection.need(after),
    behind: (isBehind) => status.behind(isBehind),
  });

  const connection = new Connection({
    live,
    sequence,
    outbox,
    onState: (name) => {
      status.show(name);
      writing.pending(name === "live" || name === "detour");
    },
    onSnapshot: () => refresh.soon(),
    onAck: (answer) => writing.acknowledge(answer, sequence.seq),
    onNack: (cid, code) => writing.refuse(cid, code),
    onPlace: () => null,
    onPresence: () => null,
    onTyping: () => null,
    onGone: () => {
      outbox.clear();
      root.replaceChildren(root.querySelector("[data-live]"));
    },
  });

  const writing = new Writing({ root, outbox, words, live, send: () => connection.flush() });
  progress.onItem = (item) => writing.follow(item);

  const refresh = new Refresh({
    root,
    live,
    onFresh: (fresh, { state, now }) => {
      writing.items(fresh);
      hands.count();
      progress.restart(state, now);
    },
    again: (event) => show(event),
  });

  const full = root.querySelector("[data-fullscreen]");
  if (full && document.fullscreenEnabled) {
    full.hidden = false;
    full.addEventListener("click", () => root.requestFullscreen());
  }
  connection.start();
}
