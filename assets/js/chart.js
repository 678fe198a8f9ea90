// Charts: the SVG of the server is the chart; this only offers an interactive one in its place.
// Plotly (large) is fetched when a chart is asked for, or scrolls into view on a broad screen with a good connection.
import { offer } from "./chart/offer.js";
import { orderable } from "./chart/order.js";
import { offerPng } from "./chart/png.js";

for (const button of document.querySelectorAll("[data-png]")) offerPng(button);
for (const table of document.querySelectorAll(".k-figures-table")) if (table.querySelector("[data-sort]")) orderable(table);

offer(document, { byItself: true });
