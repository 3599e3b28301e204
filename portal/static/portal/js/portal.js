/* Kompetenceportalen: everything here is an extra. Each page works without it. Words come from data- attributes. */
(function () {
  "use strict";
  const doc = document;
  const root = doc.documentElement;
  root.classList.add("js");
  const all = (selector, within) => Array.from((within || doc).querySelectorAll(selector));

  /* Menu on small screens */
  const menuButton = doc.querySelector(".menu-button");
  const menu = doc.getElementById("menu");
  if (menuButton && menu) {
    const setMenu = (open) => {
      menu.classList.toggle("open", open);
      menuButton.setAttribute("aria-expanded", String(open));
    };
    menuButton.addEventListener("click", () => setMenu(!menu.classList.contains("open")));
    doc.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.classList.contains("open")) { setMenu(false); menuButton.focus(); }
    });
  }

  /* Filters start folded on small screens, and so do the groups of a profile after the first one */
  if (window.matchMedia("(max-width:959px)").matches) {
    all(".filter-panel").forEach((panel) => { panel.open = false; });
  }
  if (window.matchMedia("(max-width:639px)").matches) {
    const target = location.hash.length > 1 ? doc.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    all("[data-fold]").slice(1).forEach((group) => { if (!target || !group.contains(target)) { group.open = false; } });
  }

  /* Paper shows every level text; the screen gets its own state back afterwards */
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all("main details:not([open])").filter((details) => (details.open = true));
  });
  window.addEventListener("afterprint", () => { opened.forEach((details) => { details.open = false; }); opened = []; });

  /* Buttons that can do nothing without JavaScript are drawn hidden */
  const each = (selector, act) => all(selector).forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => act(button));
  });
  const press = (button) => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    return on;
  };
  each("[data-print]", () => window.print());
  each("[data-toggle-all]", (button) => {
    const open = press(button);
    all(button.dataset.toggleAll).forEach((details) => { details.open = open; });
    if (open) { all("[data-fold]").forEach((group) => { group.open = true; }); }
  });
  each("[data-only-essential]", (button) => {
    const on = press(button);
    const scope = doc.getElementById(button.dataset.onlyEssential) || doc.querySelector("main");
    scope.classList.toggle("only-essential", on);
    if (on) { all("[data-fold]", scope).forEach((group) => { group.open = true; }); }
  });
  if (navigator.clipboard) {
    each("[data-copy]", (button) => {
      navigator.clipboard.writeText(doc.getElementById(button.dataset.copy).value).then(() => {
        (button.querySelector("span") || button).textContent = button.dataset.done;
      });
    });
  }

  /* An address to copy is chosen whole */
  all("[data-select]").forEach((field) => field.addEventListener("focus", () => field.select()));

  /* A form is sent once, however often the button is pressed; going back makes it ready again */
  all("form[data-once]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
    });
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  /* In-page navigation follows the reading */
  const links = all(".side-nav a[href^='#']");
  if (links.length && "IntersectionObserver" in window) {
    const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
      if (!entry.isIntersecting) { return; }
      links.forEach((link) => {
        if (link.hash === "#" + entry.target.id) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); }
      });
    }), { rootMargin: "0px 0px -70% 0px" });
    links.forEach((link) => { const part = doc.getElementById(link.hash.slice(1)); if (part) { seen.observe(part); } });
  }

  /* The error summary takes focus, so that it is heard first */
  const errors = doc.querySelector("[data-error-summary][data-autofocus]");
  if (errors) { errors.focus(); }
})();
