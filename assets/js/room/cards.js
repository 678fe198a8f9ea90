// Cards are fetched when they come near: what is on them is made for this reader, so no event carries it.
const NEAR = "400px";
const SPREAD = 400; // a vote reaches everybody at once; their pages do not ask at once

export class Cards {
  constructor(root) {
    this.root = root;
    this.waiting = new WeakMap();
    this.near = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (isIntersecting) this.load(target);
        }
      },
      { rootMargin: NEAR },
    );
    this.watch(root);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) this.watch(node);
      }
    }).observe(root, { childList: true, subtree: true });
  }

  watch(part) {
    const found = part.matches?.("[data-cards]") ? [part] : part.querySelectorAll("[data-cards]");
    for (const holder of found) if (!holder.hidden) this.near.observe(holder);
  }

  async load(holder) {
    this.near.unobserve(holder);
    if (holder.hidden || holder.dataset.loaded === holder.dataset.cardsSeq) return;
    const wanted = holder.dataset.cardsSeq;
    holder.dataset.loaded = wanted;
    try {
      const { src } = holder.dataset;
      const answer = await fetch(`${src}${src.includes("?") ? "&" : "?"}deel=1`, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const html = await answer.text();
      if (holder.dataset.loaded === wanted) await this.show(holder, html);
    } catch {
      delete holder.dataset.loaded; // the link stays; scrolling past tries again
      this.near.observe(holder);
    }
  }

  // Somebody may be choosing in the poll that is replaced: what had the focus gets it back.
  async show(holder, html) {
    const { activeElement } = document;
    const held = holder.contains(activeElement) ? [activeElement.name, activeElement.value] : null;
    holder.innerHTML = html; // made by the server, every text escaped
    if (held?.[0]) holder.querySelector(`[name="${held[0]}"][value="${CSS.escape(held[1])}"]`)?.focus();
    if (holder.querySelector("figure[data-chart]")) {
      const { offer } = await import("../chart/offer.js");
      offer(holder);
    }
  }

  changed(holder, seq) {
    if (!holder || Number(holder.dataset.cardsSeq) >= seq) return;
    holder.dataset.cardsSeq = seq;
    clearTimeout(this.waiting.get(holder));
    this.waiting.set(holder, setTimeout(() => this.near.observe(holder), Math.random() * SPREAD));
  }
}
