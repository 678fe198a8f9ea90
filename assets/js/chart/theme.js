// The theme of the page, once: the server's figures have no template, only roles.
const roles = {
  own: "--k-own",
  peer: "--k-peer",
  rest: "--k-rest",
  median: "--k-peer",
  norm: "--k-warn",
  goal: "--k-good",
  start: "--k-muted",
  mark: "--k-ink",
  band: "--k-band",
};
const fills = {
  q1: "--k-class-1",
  q2: "--k-class-2",
  q3: "--k-class-3",
  q4: "--k-class-4",
  good: "--k-good-soft",
  warn: "--k-warn-soft",
  high: "--k-info-soft",
  low: "--k-info-soft",
  plain: "--k-sunken",
  missing: "--k-ground",
  outside: "--k-ground",
  band: "--k-band",
};

const longest = 13;
const shortened = (text, mark) => {
  if (mark) return text.split(" ", 1)[0]; // its number; the sentence and the table say the rest
  const [, name, value] = /^(.*) (\S+)$/.exec(text) ?? [null, text, ""];
  const room = Math.max(4, longest - value.length - 1);
  return name.length > room ? `${name.slice(0, room - 1).trimEnd()}… ${value}` : text;
};

function margins(layout, narrow, years) {
  if (!narrow) return layout.margin;
  if (years) return { l: 44, r: 104, t: 30, b: 30 };
  return { ...layout.margin, l: layout.meta?.left?.[1] ?? layout.margin.l, r: 14 };
}

// On a phone the chart gets the margins and short labels of the narrow drawing.
export function themed(figure, narrow) {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const colour = (role) => token(roles[role] ?? "--k-muted");
  const fill = (role) => token(fills[role.replace(/ own$/, "")] ?? "--k-sunken");
  const data = figure.data.map((trace) => {
    const role = trace.meta?.role ?? "";
    if (role === "voice") return trace;
    if (role.startsWith("fill ")) {
      const own = role.endsWith(" own");
      const edge = { ...trace.line, color: token(own ? "--k-ink" : "--k-ground") };
      const pattern = trace.fillpattern && { ...trace.fillpattern, fgcolor: token("--k-line-strong"), bgcolor: fill(role.slice(5)) };
      return { ...trace, fillcolor: fill(role.slice(5)), line: edge, ...(pattern ? { fillpattern: pattern } : {}) };
    }
    const shade = colour(trace.meta?.role);
    return {
      ...trace,
      ...(trace.fillcolor ? { fillcolor: shade } : {}),
      line: { ...trace.line, color: shade },
      marker: { ...trace.marker, color: shade },
      ...(trace.error_y ? { error_y: { ...trace.error_y, color: shade, thickness: 1.5 } } : {}),
    };
  });
  const axis = { gridcolor: token("--k-line"), linecolor: token("--k-line"), zerolinecolor: token("--k-line-strong") };
  const { title, height, ...layout } = figure.layout; // the page has both
  const years = Boolean(layout.xaxis.dtick);
  return {
    data,
    layout: {
      ...layout,
      autosize: true,
      margin: margins(layout, narrow, years),
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: 14, color: token("--k-ink") },
      hoverlabel: { bgcolor: token("--k-surface"), bordercolor: token("--k-line"), font: { color: token("--k-ink") } },
      xaxis: { ...layout.xaxis, ...(narrow && layout.meta?.narrowX ? { range: layout.meta.narrowX } : {}), ...axis, ...(narrow && years ? { dtick: 2 * layout.xaxis.dtick } : {}) },
      yaxis: { ...layout.yaxis, ...axis },
      annotations: (layout.annotations ?? []).map((note) => ({
        ...note,
        text: narrow && years && note.name ? shortened(note.text, note.name === "mark") : note.text,
        xshift: narrow && years && !note.name ? -40 : note.xshift,
        font: { ...note.font, color: token(note.name === "cell" ? "--k-ink" : (roles[note.name] ?? "--k-muted")) },
      })),
      shapes: (layout.shapes ?? []).map((shape) => ({
        ...shape,
        ...(shape.type === "rect" && shape.name !== "converted" ? { fillcolor: fill(shape.name) } : {}),
        line: { ...shape.line, color: token("--k-line-strong") },
      })),
    },
  };
}
