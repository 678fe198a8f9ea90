// Before anybody opened the meeting there is no log to follow: ask now and then whether there is one, then come in.
const EVERY = 3000;

export function wait({ root, live, words }) {
  const place = root.querySelector("[data-live]");
  place.dataset.state = "waiting";
  place.textContent = words.waitsForStart;
  const ask = async () => {
    const answer = await fetch(live.acts, { headers: { Accept: "application/json" } }).catch(() => null);
    const isJson = answer?.ok && answer.headers.get("Content-Type")?.includes("json");
    const { room } = isJson ? await answer.json() : { room: null };
    if (room || answer?.redirected) location.reload(); // there is one, or the session is over
    else setTimeout(ask, EVERY * (0.75 + Math.random() / 2));
  };
  setTimeout(ask, EVERY * Math.random());
}
