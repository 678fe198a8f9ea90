// Whether to fetch the interactive chart unasked: a broad screen, no wish to save data, no slow connection.
export function capable() {
  const line = navigator.connection;
  if (line && (line.saveData || /2g|3g/.test(line.effectiveType ?? ""))) return false;
  return matchMedia("(min-width: 60rem)").matches && !matchMedia("(prefers-reduced-data: reduce)").matches;
}
