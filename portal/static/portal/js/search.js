/* Type-ahead under a search box: a combobox with a list, as the ARIA Authoring Practices draw it. The box itself is a plain
   form, and stays one when this file, the network or the answer is missing. Words come from data- attributes. */
(() => {
  "use strict";
  const PAUSE = 150;
  const SHORTEST = 2;

  const make = (name, values) => Object.assign(document.createElement(name), values);

  const enhance = (form) => {
    const box = form.querySelector("input[type=search]");
    const words = form.dataset;
    const list = make("ul", { id: `${box.id}-list`, className: "suggestions", hidden: true });
    const status = make("div", { className: "sr-only" });
    let active = -1;
    let timer = 0;
    let asking = null;
    // What the list answers, so that a slow answer to something else is not shown.
    let shown = null;

    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.label);
    status.setAttribute("role", "status");
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");
    box.parentElement.append(list);
    form.append(status);

    const options = () => Array.from(list.children);

    const mark = (place) => {
      active = place;
      options().forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
      if (place < 0) { box.removeAttribute("aria-activedescendant"); return; }
      box.setAttribute("aria-activedescendant", options()[place].id);
      options()[place].scrollIntoView({ block: "nearest" });
    };

    const open = (yes) => {
      list.hidden = !yes;
      box.setAttribute("aria-expanded", String(yes));
      mark(-1);
    };

    const stop = () => {
      clearTimeout(timer);
      if (asking) { asking.abort(); asking = null; }
    };

    const close = () => { stop(); open(false); status.textContent = ""; };

    const say = (count) => {
      status.textContent = count === 0 ? words.none : count === 1 ? words.one : words.many.replace("{count}", count);
    };

    const draw = (found) => {
      list.replaceChildren(...found.map((line, number) => {
        const option = make("li", { id: `${list.id}-${number}`, textContent: `${line.text} ` });
        option.setAttribute("role", "option");
        option.dataset.url = line.url;
        // Content is Danish in every language of the interface; the name of its kind is not.
        option.lang = "da";
        option.append(make("span", { textContent: line.kind, lang: document.documentElement.lang }));
        return option;
      }));
      open(found.length > 0);
      say(found.length);
    };

    const ask = async (text) => {
      const mine = new AbortController();
      asking = mine;
      try {
        const answer = await fetch(`${words.suggest}?${new URLSearchParams({ q: text })}`, {
          signal: mine.signal, headers: { Accept: "application/json" }, credentials: "same-origin",
        });
        if (!answer.ok) { throw new Error(String(answer.status)); }
        const found = (await answer.json()).suggestions;
        if (asking !== mine || document.activeElement !== box) { return; }
        asking = null;
        shown = text;
        draw(found);
      } catch {
        // Aborted by the next letter, or the network is away: the form still works.
        if (asking === mine) { asking = null; shown = null; open(false); }
      }
    };

    const typed = () => {
      stop();
      const text = box.value.trim();
      if (text.length < SHORTEST) { shown = null; close(); return; }
      if (text === shown && !list.hidden) { return; }
      timer = setTimeout(() => ask(text), PAUSE);
    };

    const go = (option) => { close(); location.assign(option.dataset.url); };

    const move = (step) => {
      const count = options().length;
      if (list.hidden) {
        if (count && box.value.trim() === shown) { open(true); } else { typed(); return; }
      }
      // Past either end is the box itself, as the pattern allows: what was typed stays within reach.
      const place = active + step;
      mark(place >= count ? -1 : place < -1 ? count - 1 : place);
    };

    const keys = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => { if (active < 0) { return false; } go(options()[active]); },
      Escape: () => { if (list.hidden) { return false; } close(); },
    };

    box.addEventListener("input", typed);
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || !(event.key in keys)) { return; }
      if (keys[event.key]() !== false) { event.preventDefault(); }
    });
    box.addEventListener("blur", close);
    form.addEventListener("submit", close);
    // The box keeps the focus while the mouse is on the list, or the list would be gone before the click.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) { go(option); }
    });
  };

  document.querySelectorAll("form[data-suggest]").forEach(enhance);
})();
