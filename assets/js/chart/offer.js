// Offers an interactive chart in the place of the SVG: by a button, and by itself on a capable screen.
import { capable } from "./capable.js";

async function show(figure) {
  if (figure.dataset.shown) return;
  figure.dataset.shown = "1";
  const said = figure.querySelector(".k-chart__said");
  const button = figure.querySelector("[data-chart-button]");
  said.textContent = figure.dataset.chartLoading;
  try {
    const { draw } = await import("./draw.js");
    await draw(figure);
    said.textContent = "";
    if (button) button.style.visibility = "hidden"; // keeps its place: nothing moves
  } catch {
    delete figure.dataset.shown;
    said.textContent = figure.dataset.chartFailed;
  }
}

export function offer(root, { byItself = false } = {}) {
  const charts = [...root.querySelectorAll("figure[data-chart]")];
  for (const figure of charts) {
    const button = figure.querySelector("[data-chart-button]");
    if (!button) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await show(figure);
      figure.querySelector(".k-chart__plot")?.focus();
    });
  }
  if (!byItself || !capable() || !("IntersectionObserver" in window)) return;
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
