// Charts: the SVG of the server is the chart; this only offers an interactive one in its place.
// Plotly (large) is fetched when a chart is asked for, or scrolls into view on a broad screen with a good connection.
import { capable } from "./chart/capable.js";

const charts = [...document.querySelectorAll("figure[data-chart]")];

async function show(figure) {
  if (figure.dataset.shown) return;
  figure.dataset.shown = "1";
  const said = figure.querySelector(".k-chart__said");
  const button = figure.querySelector("[data-chart-button]");
  said.textContent = figure.dataset.chartLoading;
  try {
    const { draw } = await import("./chart/draw.js");
    await draw(figure);
    said.textContent = "";
    if (button) button.style.visibility = "hidden"; // keeps its place: nothing moves
  } catch {
    delete figure.dataset.shown;
    said.textContent = figure.dataset.chartFailed;
  }
}

for (const figure of charts) {
  const button = figure.querySelector("[data-chart-button]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await show(figure);
      figure.querySelector(".k-chart__plot")?.focus();
    });
  }
}

if (capable() && "IntersectionObserver" in window) {
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        watcher.unobserve(entry.target);
        show(entry.target);
      }
    },
    { rootMargin: "100px" },
  );
  for (const figure of charts) watcher.observe(figure);
}
