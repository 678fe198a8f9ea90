// The theme of the page, once: the server's figures have no template, only roles.
const roles = { own: "--k-own", median: "--k-peer", norm: "--k-warn", goal: "--k-good", band: "--k-band" };

const longest = 13;
const shortened = (text) => {
  const [, name, value] = /^(.*) (\S+)$/.exec(text) ?? [null, text, ""];
  const room = Math.max(4, longest - value.length - 1);
  return name.length > room ? `${name.slice(0, room - 1).trimEnd()}… ${value}` : text;
};

// On a phone the chart gets the margins and short labels of the narrow drawing.
export function themed(figure, narrow) {
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
      margin: narrow ? { l: 44, r: 104, t: 30, b: 30 } : layout.margin,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: 14, color: token("--k-ink") },
      hoverlabel: { bgcolor: token("--k-surface"), bordercolor: token("--k-line"), font: { color: token("--k-ink") } },
      xaxis: { ...layout.xaxis, ...axis, ...(narrow ? { dtick: 2 * layout.xaxis.dtick } : {}) },
      yaxis: { ...layout.yaxis, ...axis },
      annotations: (layout.annotations ?? []).map((note) => ({
        ...note,
        text: narrow && note.name ? shortened(note.text) : note.text,
        xshift: narrow && !note.name ? -40 : note.xshift,
        font: { ...note.font, color: note.name ? colour(note.name) : token("--k-muted") },
      })),
      shapes: (layout.shapes ?? []).map((shape) => ({
        ...shape,
        line: { ...shape.line, color: token("--k-line-strong") },
      })),
    },
  };
}
