import { enrich } from "./practice/picker.js";

// Beside the form of a practice: while somebody writes, what looks like it and which tags may fit. Without this the page
// shows both after it was sent.
const slot = document.querySelector("[data-beside]");
const form = slot?.closest("form");
let waiting;
let asked = "";

// The tag that is being typed: what stands behind the last comma.
function typed() {
  const { tags } = form.elements;
  return document.activeElement === tags ? tags.value.split(",").pop().trim() : "";
}

function question() {
  const words = ["title", "summary"].map((name) => form.elements[name]?.value ?? "").join(" ").trim().slice(0, 500);
  const areas = [...form.querySelectorAll("input[name=areas]:checked")].map((box) => `&area=${encodeURIComponent(box.value)}`);
  const tag = typed();
  if (words.length < 8 && tag.length < 2) return "";
  return `?q=${encodeURIComponent(words)}${areas.join("")}${tag.length < 2 ? "" : `&typed=${encodeURIComponent(tag)}`}`;
}

async function ask() {
  const now = question();
  if (!now || now === asked) return;
  asked = now;
  try {
    const answer = await fetch(slot.dataset.beside + now, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected || asked !== now) return;
    // The answer is a part of our own page, made by the same templates.
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    slot.replaceChildren(...made.body.childNodes);
    pickable();
  } catch {
    // No connection: writing goes on, and the page shows it after it was sent.
  }
}

function pickable() {
  const tags = form.elements.tags;
  for (const word of slot.querySelectorAll("[data-tag]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "utrecht-button utrecht-button--subtle";
    button.textContent = `+ ${word.dataset.tag}`;
    button.addEventListener("click", () => {
      const there = tags.value.split(",").map((name) => name.trim()).filter(Boolean);
      // The beginning that was typed makes place for the whole word.
      if (there.length && word.dataset.tag.toLowerCase().startsWith(there.at(-1).toLowerCase())) there.pop();
      if (!there.some((name) => name.toLowerCase() === word.dataset.tag.toLowerCase())) there.push(word.dataset.tag);
      tags.value = there.join(", ");
      tags.focus();
    });
    word.replaceWith(button);
  }
}

if (form) {
  pickable();
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 500);
  });
  // What was typed before this ran counts too.
  waiting = setTimeout(ask, 500);
}

for (const select of document.querySelectorAll("select[data-picker]")) enrich(select, document.querySelector("[data-picker-words]").dataset);
