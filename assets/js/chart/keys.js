// The points by arrow key: what a mouse shows by hovering is said aloud and shown.
export function walkable(plot, figure, said, Plotly) {
  const steps = figure.layout.meta?.walk ?? [];
  let at = steps.length;

  const plain = document.createElement("textarea");
  const unescaped = (text) => {
    plain.innerHTML = text; // a textarea parses entities and nothing else
    return plain.value;
  };

  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (event.key === "Escape") {
      Plotly.Fx.unhover(plot);
      said.textContent = "";
      return;
    }
    if (event.key === "Home") at = 0;
    else if (event.key === "End") at = steps.length - 1;
    else if (step) at = Math.min(steps.length - 1, Math.max(0, at + step));
    else return;
    event.preventDefault();
    if (!steps[at]) return;
    const points = steps[at].points.map(([curveNumber, pointNumber]) => ({ curveNumber, pointNumber }));
    if (points.length) Plotly.Fx.hover(plot, points, ["xy"]);
    else Plotly.Fx.unhover(plot);
    said.textContent = unescaped(steps[at].said);
  });
}
