"use strict";
(() => {
  // The lists are fetched again when the read model changes, unless someone is moving through them by keyboard.
  const REST = 3000;
  let seen = null;
  let last = 0;

  async function refresh() {
    const live = document.getElementById("live");
    if (live.contains(document.activeElement)) return;
    last = Date.now();
    const answer = await fetch(location.href).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (fresh) live.replaceChildren(...fresh.childNodes);
  }

  const source = new EventSource("/giam-sat/dong");
  source.addEventListener("snapshot", (event) => {
    const now = JSON.parse(event.data);
    const key = now.changes + "/" + now.stale;
    if (seen !== null && seen !== key && Date.now() - last > REST) { seen = key; refresh(); }
    else if (seen === null) seen = key;
  });
})();
