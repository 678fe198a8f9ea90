// What hangs on the items of an agenda is fetched when it comes near; without a script there is a link to it.
import { Cards } from "./room/cards.js";

for (const root of document.querySelectorAll("[data-agenda-cards]")) new Cards(root);
