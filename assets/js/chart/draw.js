// Draws the interactive chart over the SVG, at the same size, so that nothing moves.
import Plotly from "plotly.js-basic-dist-min";
import { walkable } from "./keys.js";
import { themed } from "./theme.js";

Plotly.register?.({
  moduleType: "locale",
  name: "nl",
  dictionary: {},
  format: { decimal: ",", thousands: ".", grouping: [3], currency: ["€ ", ""] },
});

const options = { displayModeBar: false, responsive: true, locale: "nl", scrollZoom: false, doubleClick: false };

export async function draw(element) {
  const answer = await fetch(element.dataset.chart, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { figure } = await answer.json();
  const stage = element.querySelector(".k-chart__stage");
  stage.style.minHeight = `${stage.getBoundingClientRect().height}px`;

  const plot = document.createElement("div");
  plot.className = "k-chart__plot";
  plot.tabIndex = 0;
  plot.setAttribute("role", "application");
  plot.setAttribute("aria-label", element.dataset.chartKeys);
  stage.append(plot);

  const paint = () => {
    const { data, layout } = themed(figure, stage.clientWidth < 540);
    return Plotly.react(plot, data, layout, options);
  };
  await paint();
  // The drawing of the server stays for who reads with the ears and for paper; it is only out of sight.
  element.classList.add("k-chart--interactive");
  walkable(plot, figure, element.querySelector(".k-chart__said"), Plotly);

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
