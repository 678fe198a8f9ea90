// Order a table in its place; without this script its heads are links that do the same.
const value = (cell) => {
  const text = cell.dataset.value;
  if (text) return Number(text);
  return cell.matches(".k-figures-table__missing") ? null : cell.textContent.trim();
};

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), document.documentElement.lang, { numeric: true });
}

export function orderable(table) {
  const heads = [...table.tHead.rows[0].cells];
  table.tHead.addEventListener("click", (event) => {
    const link = event.target.closest("[data-sort]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const head = link.closest("th");
    const at = heads.indexOf(head);
    const down = head.getAttribute("aria-sort") === "ascending";
    const rows = [...table.tBodies[0].rows].map((row) => [value(row.cells[at]), row]);
    rows.sort(([one], [other]) => {
      if (one === null || other === null) return (one === null) - (other === null);
      return compare(one, other) * (down ? -1 : 1);
    });
    table.tBodies[0].append(...rows.map(([, row]) => row));
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    history.replaceState(null, "", link.href.split("#")[0]);
  });
}
