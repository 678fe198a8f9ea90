// Somebody may be changing a note of theirs while the parts of the page are fetched anew: what they typed comes back.
const open = (root) => [...root.querySelectorAll("[data-note-id] [data-edit][open]")];

export function keepTyping(root) {
  const kept = open(root).map((edit) => {
    const field = edit.querySelector("[name=text]");
    const { noteId } = edit.closest("[data-note-id]").dataset;
    return { noteId, text: field.value, at: field === document.activeElement ? field.selectionStart : null };
  });
  return () => {
    for (const { noteId, text, at } of kept) {
      const edit = root.querySelector(`[data-note-id="${noteId}"] [data-edit]`);
      if (!edit) continue;
      edit.open = true;
      const field = edit.querySelector("[name=text]");
      field.value = text;
      if (at === null) continue;
      field.focus();
      field.setSelectionRange(at, at);
    }
  };
}
