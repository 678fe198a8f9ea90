// The years by arrow key: what a mouse shows by hovering is said aloud and shown.
export function walkable(plot, figure, said, Plotly) {
  const lines = figure.data.filter((trace) => trace.meta?.role !== "band");
  const years = [...new Set(lines.flatMap((trace) => trace.x))].sort((a, b) => a - b);
  let at = years.length;

  const plain = document.createElement("textarea");
  const unescaped = (text) => {
    plain.innerHTML = text; // a textarea parses entities and nothing else
    return plain.value;
  };

  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") {
      Plotly.Fx.unhover(plot);
      said.textContent = "";
      return;
    }
    if (event.key === "Home") at = 0;
    else if (event.key === "End") at = years.length - 1;
    else if (step) at = Math.min(years.length - 1, Math.max(0, at + step));
    else return;
    event.preventDefault();
    const year = years[at];
    const points = [];
    const words = [];
    figure.data.forEach((trace, curve) => {
      const point = trace.meta?.role === "band" ? -1 : trace.x.indexOf(year);
      if (point < 0) return;
      if (trace.y[point] !== null) points.push({ curveNumber: curve, pointNumber: point });
      if (trace.text?.[point]) words.push(unescaped(trace.text[point]));
    });
    if (points.length) Plotly.Fx.hover(plot, points, ["xy"]);
    said.textContent = `${year}. ${words.reverse().join(". ")}`;
  });
}
