// A long list to choose several from: a field above it narrows it while you type, and what is chosen stands there as
// buttons that take it off again. The list itself stays what the form sends; without this it works as it always did.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

export function enrich(select, words) {
  const options = [...select.options];
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  const field = element("input", {
    type: "search",
    id: `${select.id}-search`,
    className: "utrecht-textbox utrecht-textbox--html-input",
    autocomplete: "off",
    placeholder: words.search,
  });
  field.setAttribute("aria-label", `${label?.textContent.trim() ?? ""}: ${words.search}`);
  field.setAttribute("aria-controls", select.id);
  const found = element("p", { className: "k-muted k-picker__found" });
  found.setAttribute("role", "status");
  const chosen = element("div", { className: "k-picker__chosen" });
  select.before(field, found);
  select.after(chosen);

  function narrow() {
    const asked = fold(field.value).split(/\s+/).filter(Boolean);
    let number = 0;
    for (const option of options) {
      const fits = asked.every((word) => fold(option.textContent).includes(word));
      option.hidden = !fits;
      number += fits;
    }
    found.textContent = asked.length ? words.found.replace("{n}", String(number)) : "";
  }

  function show() {
    chosen.replaceChildren(
      ...options.filter((option) => option.selected).map((option) => {
        const button = element("button", {
          type: "button",
          className: "utrecht-button utrecht-button--subtle",
          textContent: `${option.textContent.trim()} ×`,
        });
        button.setAttribute("aria-label", words.remove.replace("{name}", option.textContent.trim()));
        button.addEventListener("click", () => {
          option.selected = false;
          show();
          field.focus();
        });
        return button;
      }),
    );
  }

  // In a list of many a plain click takes off all that was chosen before; here it adds or takes off one.
  select.addEventListener("mousedown", (event) => {
    if (event.target.tagName !== "OPTION") return;
    event.preventDefault();
    const { scrollTop } = select;
    event.target.selected = !event.target.selected;
    select.scrollTop = scrollTop;
    select.focus({ preventScroll: true });
    show();
  });
  select.addEventListener("change", show);
  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Enter sends the form; here it chooses the only one left
    const left = options.filter((option) => !option.hidden);
    if (left.length === 1) {
      left[0].selected = true;
      field.value = "";
      narrow();
      show();
    }
  });
  show();
}
