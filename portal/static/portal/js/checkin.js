/* The list at the door: each tick is kept on the telephone and sent when there is a connection; the latest one counts. */
(() => {
  "use strict";
  const door = document.querySelector("[data-door]");
  if (!door || !window.fetch) { return; }
  const here = location.pathname;
  const CACHE = `door:${here}`;
  const form = door.querySelector("form[data-people]");
  const extra = door.querySelector("form[data-walk-in]");
  const status = door.querySelector("[data-status]");
  const count = door.querySelector("[data-count]");
  const cameList = door.querySelector("[data-came-too]");
  const say = (name) => door.getAttribute(`data-text-${name}`);
  const ends = new Date(door.dataset.ends);
  const isOver = () => new Date() >= ends;
  /* A new note is always newer than what is shown, even where the telephone's clock is slow. */
  const now = (after) => new Date(Math.max(Date.now(), after ? Date.parse(after) + 1 : 0)).toISOString();

  /* What is known: notes by person, with `sent: false` until the portal has them. Without storage the page still works. */
  let notes = { people: {}, walkIns: {} };
  try { notes = JSON.parse(localStorage.getItem(CACHE)) || notes; } catch { /* a private window */ }
  const keep = () => { try { localStorage.setItem(CACHE, JSON.stringify(notes)); } catch { /* full, or forbidden */ } };
  const unsent = () => [...Object.values(notes.people), ...Object.values(notes.walkIns)].filter((note) => !note.sent);

  const forget = async () => {
    try { localStorage.removeItem(CACHE); } catch { /* was never there */ }
    if (window.caches) { await caches.delete(CACHE); }
    if (navigator.serviceWorker) {
      const found = await navigator.serviceWorker.getRegistration(here);
      if (found && new URL(found.scope).pathname === here) { await found.unregister(); }
    }
  };
  let closed = false;
  /* The portal has said so itself, or nothing is left to be sent. Who could not be sent is named, for the organiser. */
  const close = async () => {
    closed = true;
    const who = (id, note) => note.name || (buttons().find((button) => button.dataset.id === id) || {}).textContent || "";
    const lost = [...Object.entries(notes.people), ...Object.entries(notes.walkIns)].filter(([, note]) => !note.sent);
    const lines = lost.map(([id, note]) => `${who(id, note).trim()}: ${say(note.came ? "came" : "not")}`);
    await forget();
    const said = Object.assign(document.createElement("p"), { textContent: say(lost.length ? "lost" : "closed") });
    said.setAttribute("role", "status");
    const list = document.createElement("ul");
    list.append(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    door.replaceChildren(said, ...(lost.length ? [list] : []));
  };

  /* The portal does not know this telephone (any more): a login ran out, or the browser lost the link. */
  let outside = false;

  /* Drawing */
  const buttons = () => [...door.querySelectorAll("button[data-id]")];
  const draw = (button, came) => {
    button.setAttribute("aria-pressed", String(came));
    button.value = `${button.dataset.id}:${came ? "off" : "on"}`;
    button.querySelector("[data-mark]").textContent = came ? say("came") : "";
  };
  const line = (id, note) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "submit", name: "tick", className: "tick" });
    button.dataset.id = id;
    button.dataset.walkIn = "";
    button.append(Object.assign(document.createElement("span"), { textContent: note.name }));
    const mark = Object.assign(document.createElement("span"), { className: "badge strong" });
    mark.dataset.mark = "";
    button.append(mark);
    item.append(button);
    cameList.append(item);
    cameList.closest("[data-came-too-part]").hidden = false;
    return button;
  };
  const redraw = () => {
    buttons().forEach((button) => {
      const note = (button.dataset.walkIn === undefined ? notes.people : notes.walkIns)[button.dataset.id];
      if (note) { draw(button, note.came); }
    });
    Object.entries(notes.walkIns).forEach(([id, note]) => {
      if (note.came && !buttons().some((button) => button.dataset.id === id)) { draw(line(id, note), true); }
    });
    count.textContent = buttons().filter((button) => button.getAttribute("aria-pressed") === "true").length;
    const left = unsent().length;
    const words = outside ? "outside" : left === 0 ? "saved" : left === 1 ? "one" : "many";
    status.textContent = say(words).replace("#", left);
    status.classList.toggle("warn", left > 0 || outside);
  };

  /* What stands on the page may be older than what this telephone knows, and the other way round. */
  buttons().forEach((button) => {
    const list = button.dataset.walkIn === undefined ? notes.people : notes.walkIns;
    const mine = list[button.dataset.id];
    const shown = { came: button.getAttribute("aria-pressed") === "true", at: button.dataset.at, sent: true };
    if (shown.at && (!mine || (mine.sent && Date.parse(mine.at) < Date.parse(shown.at)))) {
      list[button.dataset.id] = { ...mine, ...shown, name: button.dataset.name };
    }
  });

  /* Sending */
  let sending = false;
  const take = (list, rows) => rows.forEach((row) => {
    const mine = list[row.id];
    if (row.at && (!mine || mine.sent)) { list[row.id] = { came: row.came, at: row.at, name: row.name, sent: true }; }
  });
  /* A login in another tab gives the browser another word against forgery; the page as it is now holds it. */
  const renew = async () => {
    const answer = await fetch(here);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
    if (answer.ok && fresh) { form.elements.csrfmiddlewaretoken.value = fresh.value; }
  };
  const sync = async () => {
    if (sending || closed) { return; }
    sending = true;
    const rows = (list) => Object.entries(list).filter(([, note]) => !note.sent).map(([id, note]) => ({ id, ...note }));
    const ticks = rows(notes.people);
    const walkIns = rows(notes.walkIns);
    try {
      const answer = await fetch(door.dataset.sync, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify({ sent_at: new Date().toISOString(), ticks, walk_ins: walkIns }),
      });
      if (answer.status === 410 && (await answer.json()).closed === true) { await close(); return; }
      outside = answer.status === 404;
      if (answer.status === 403) { await renew(); }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      const known = await answer.json();
      [[notes.people, ticks], [notes.walkIns, walkIns]].forEach(([list, sent]) => sent.forEach(({ id, at }) => {
        if (list[id] && list[id].at === at) { list[id].sent = true; }
      }));
      if (known.closed) {
        /* What was noted meanwhile is sent the next time: the portal takes it for a day more. */
        if (unsent().length === 0) { await close(); return; }
      } else {
        take(notes.people, known.people);
        take(notes.walkIns, known.walk_ins);
      }
      keep();
      redraw();
    } catch {
      redraw();
    } finally {
      sending = false;
    }
  };

  /* Ticking */
  const tick = (button) => {
    const list = button.dataset.walkIn === undefined ? notes.people : notes.walkIns;
    const id = button.dataset.id;
    const mine = list[id] || { name: button.dataset.name };
    list[id] = { ...mine, came: button.getAttribute("aria-pressed") !== "true", at: now(mine.at), sent: false };
    keep();
    redraw();
    sync();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter && event.submitter.dataset.id) { tick(event.submitter); }
  });
  extra.addEventListener("submit", (event) => {
    const name = extra.elements.name.value.trim();
    if (!name) { return; }
    event.preventDefault();
    const id = extra.elements.key.value;
    notes.walkIns[id] = { name, came: true, at: now(), municipality: extra.elements.municipality.value, sent: false };
    extra.reset();
    /* The next one needs a word of her own. */
    extra.elements.key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join("");
    extra.elements.name.focus();
    keep();
    redraw();
    sync();
  });

  /* Finding a name in a long list */
  const finder = door.querySelector("[data-find]");
  finder.hidden = false;
  finder.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLocaleLowerCase();
    form.querySelectorAll("li").forEach((item) => {
      item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
    });
  });

  /* The page itself, for a reload without a connection; gone when the day is over and everything has been sent. */
  const prepare = async () => {
    if (!navigator.serviceWorker || !window.caches) { return; }
    await navigator.serviceWorker.register(door.dataset.worker, { scope: here });
    const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
    const own = parts.filter((url) => url.startsWith(location.origin) && !url.includes(door.dataset.sync));
    const box = await caches.open(CACHE);
    await box.add(here);
    await Promise.all(own.map((url) => box.add(url).catch(() => undefined)));
    door.dataset.ready = "";
  };
  const over = async () => {
    await sync();
    if (unsent().length > 0 || closed) { return; }
    if (door.dataset.stays === undefined) { await close(); } else { await forget(); }
  };
  keep();
  redraw();
  if (isOver()) { over(); } else { prepare().catch(() => undefined); sync(); }
  window.addEventListener("online", sync);
  setInterval(() => { if (isOver()) { over(); } else { sync(); } }, 20000);
})();
