// Small helpers; every page reads without them.
(() => {
  "use strict";

  const scrolling =
    ".scroll, .why, .md-typeset__scrollwrap, .md-typeset pre > code, .md-typeset table:not([class]), .md-typeset :is(p, li, td, figcaption):has(.math)";

  // What scrolls sideways can be reached with the keyboard, and nothing else.
  const reach = () => {
    for (const box of document.querySelectorAll(scrolling)) {
      if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX === "auto") box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reach);
  addEventListener("load", reach);
  document.addEventListener("toggle", reach, true);

  // Chromium leaves room after a low root for the broadest root sign of the font.
  const close = () => {
    for (const root of [...document.querySelectorAll("msqrt")].reverse()) {
      const [whole, last] = [root, root.lastElementChild].map((part) => part.getBoundingClientRect());
      const [room, size] = [whole.right - last.right, parseFloat(getComputedStyle(root).fontSize)];
      if (room > 0.1 * size && !root.style.marginInlineEnd) root.style.marginInlineEnd = `${-room / size}em`;
    }
  };
  addEventListener("load", () => document.fonts.ready.then(close));
  document.addEventListener("toggle", close, true);

  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");

  // A link to something folded away opens it.
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  // The claims ledger: choose by article, verdict and concept, or by a word.
  const words = { article: "Article", verdict: "Verdict", concept: "Concept" };
  let fields = 0;
  const field = (text, input) => {
    const box = document.createElement("div");
    const label = Object.assign(document.createElement("label"), { textContent: text });
    input.id = label.htmlFor = `filter-${++fields}`;
    box.append(label, input);
    return box;
  };
  for (const ledger of document.querySelectorAll(".ledger")) {
    const entries = [...ledger.querySelectorAll("[data-verdict]")];
    if (entries.length < 2) continue;
    const form = document.createElement("form");
    form.className = "filter";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "Choose claims");
    const asked = new URLSearchParams(location.search);
    const choices = Object.entries(words).flatMap(([key, text]) => {
      const found = [...new Set(entries.map((entry) => entry.dataset[key]))].sort();
      if (found.length < 2) return [];
      const select = document.createElement("select");
      select.name = key;
      select.append(new Option("all", ""), ...found.map((value) => new Option(value.split("/").pop().replaceAll("_", " "), value)));
      select.value = found.includes(asked.get(key)) ? asked.get(key) : "";
      form.append(field(text, select));
      return [select];
    });
    const word = Object.assign(document.createElement("input"), { type: "search", name: "word", value: asked.get("word") ?? "" });
    const count = document.createElement("output");
    form.append(field("With the words", word), count);
    const choose = () => {
      const wanted = word.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const entry of entries) {
        const text = entry.textContent.toLowerCase();
        entry.hidden = choices.some((c) => c.value && entry.dataset[c.name] !== c.value) || wanted.some((w) => !text.includes(w));
        shown += !entry.hidden;
      }
      count.value = `${shown} of ${entries.length}`;
    };
    form.addEventListener("input", choose);
    form.addEventListener("submit", (event) => event.preventDefault());
    ledger.prepend(form);
    choose();
  }
})();
