/* A page that waits for the worker: fetch it again, show how far it is, and load it anew once it has something else to show.
   Without JavaScript the page itself asks to be loaded again. */
(() => {
  const PAUSE = 2000;
  const box = document.querySelector("[data-waiting]");
  if (!box) return;
  const look = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-waiting]");
      if (!answer.ok || !found) {
        location.reload();
        return;
      }
      // Only a change is read out.
      if (found.textContent !== box.textContent) box.replaceChildren(...found.childNodes);
    } catch {
      /* The network is away for a moment: the next look may succeed. */
    }
    setTimeout(look, PAUSE);
  };
  setTimeout(look, PAUSE);
})();
