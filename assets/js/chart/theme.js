// The theme of the page, once: the server's figures have no template, only roles.
const roles = { own: "--k-own", median: "--k-peer", norm: "--k-warn", goal: "--k-good", band: "--k-band" };

export function themed(figure) {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const colour = (role) => token(roles[role] ?? "--k-muted");
  const data = figure.data.map((trace) => {
    const shade = colour(trace.meta?.role);
    return {
      ...trace,
      ...(trace.fillcolor ? { fillcolor: shade } : {}),
      line: { ...trace.line, color: shade },
      marker: { ...trace.marker, color: shade },
    };
  });
  const axis = { gridcolor: token("--k-line"), linecolor: token("--k-line"), zerolinecolor: token("--k-line-strong") };
  const { title, height, ...layout } = figure.layout; // the page has both
  return {
    data,
    layout: {
      ...layout,
      autosize: true,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: 14, color: token("--k-ink") },
      hoverlabel: { bgcolor: token("--k-surface"), bordercolor: token("--k-line"), font: { color: token("--k-ink") } },
      xaxis: { ...layout.xaxis, ...axis },
      yaxis: { ...layout.yaxis, ...axis },
      annotations: (layout.annotations ?? []).map((note) => ({
        ...note,
        font: { ...note.font, color: note.name ? colour(note.name) : token("--k-muted") },
      })),
      shapes: (layout.shapes ?? []).map((shape) => ({
        ...shape,
        line: { ...shape.line, color: token("--k-line-strong") },
      })),
    },
  };
}
