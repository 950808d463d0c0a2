// Small helpers; every page reads without them.
(() => {
  "use strict";

  // What scrolls sideways can be reached with the keyboard, and nothing else.
  const reach = () => {
    for (const box of document.querySelectorAll(".scroll, .md-typeset__scrollwrap, .md-typeset pre > code, .md-typeset table:not([class])")) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reach);
  addEventListener("load", reach);
  document.addEventListener("toggle", reach, true);

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
      const label = document.createElement("label");
      label.append(text, select);
      form.append(label);
      return [select];
    });
    const word = Object.assign(document.createElement("input"), { type: "search", name: "word", value: asked.get("word") ?? "" });
    const label = document.createElement("label");
    label.append("With the words", word);
    const count = document.createElement("output");
    form.append(label, count);
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
