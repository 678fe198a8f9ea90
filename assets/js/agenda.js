// The agenda form: items can be dragged into another order. The buttons up and down do the same without a script.
// Dragging renumbers the fields of the form, so what is saved is what is on the screen; nothing is stored before that.
const form = document.querySelector("[data-agenda-form]");

const items = () => [...form.querySelectorAll("[data-agenda-item]")];

// Each field is called items-3-title; what counts for the server is that number, not where the field stands.
const renumber = (item, at) => {
  for (const element of item.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const attribute of ["name", "id", "for", "aria-describedby"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replace(/items-\d+-/g, `items-${at}-`));
    }
  }
  for (const button of item.querySelectorAll("button[name=do]")) {
    const [act] = button.value.split(":");
    button.value = `${act}:${at}`;
    button.textContent = button.dataset.words.replace("{n}", at + 1);
  }
  const legend = item.querySelector("[data-words]");
  legend.textContent = legend.dataset.words.replace("{n}", at + 1);
};

const settle = (moved) => {
  const all = items();
  // First out of the way: two fields with one id for a moment would swap what their labels name.
  for (const [at, item] of all.entries()) renumber(item, at);
  for (const [at, item] of all.entries()) {
    item.querySelector("[data-up]").hidden = at === 0;
    item.querySelector("[data-down]").hidden = at === all.length - 1;
  }
  const at = all.indexOf(moved) + 1;
  form.querySelector("[data-agenda-said]").textContent = form.dataset.moved.replace("{n}", at);
};

if (form) {
  let dragged = null;
  for (const item of items()) {
    const grip = item.querySelector("[data-grip]");
    grip.hidden = false;
    grip.draggable = true;
    grip.addEventListener("dragstart", (event) => {
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      event.dataTransfer.setDragImage(item, 0, 0);
      item.classList.add("k-item--dragged");
    });
    grip.addEventListener("dragend", () => {
      item.classList.remove("k-item--dragged");
      dragged = null;
    });
    item.addEventListener("dragover", (event) => {
      if (dragged) event.preventDefault(); // without this nothing can be dropped here
    });
    item.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      const { top, height } = item.getBoundingClientRect();
      if (dragged !== item) item[event.clientY < top + height / 2 ? "before" : "after"](dragged);
      settle(dragged);
    });
  }
}
