"use strict";
// Regions marked data-live are fetched again when the read model changes; what is being typed, chosen or read stays.
const refreshLive = (() => {
  const REST = 3000;
  const shown = new Map(); // id of a region → its HTML as last fetched
  let seen = null;
  let last = 0;
  let asof = null;

  function isBusy(region) {
    const active = document.activeElement;
    if (region.contains(active) && active.matches("input, select, textarea")) return true;
    const chosen = getSelection();
    if (!chosen.isCollapsed && region.contains(chosen.anchorNode)) return true;
    return Boolean(region.querySelector("[data-touched]"));
  }

  function put(region, fresh) {
    const open = new Map([...region.querySelectorAll("details[id]:not([data-first])")].map((one) => [one.id, one.open]));
    const active = region.contains(document.activeElement) ? document.activeElement : null;
    const selector = active && (active.id ? "#" + CSS.escape(active.id)
      : active.hasAttribute("href") ? `[href="${CSS.escape(active.getAttribute("href"))}"]` : null);
    region.replaceChildren(...fresh.childNodes);
    for (const one of region.querySelectorAll("details[id]")) if (open.has(one.id)) one.open = open.get(one.id);
    const again = selector && region.querySelector(selector);
    if (again) again.focus({ preventScroll: true });
  }

  async function refresh() {
    last = Date.now();
    const answer = await fetch(location.href).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const region of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(region.id);
      if (!fresh || isBusy(region) || shown.get(region.id) === fresh.innerHTML) continue;
      shown.set(region.id, fresh.innerHTML);
      put(region, fresh);
    }
  }

  function stale(is) {
    const strip = document.getElementById("stale");
    const text = is ? staleWords(asof) : "";
    if (strip.textContent !== text) strip.textContent = text;
    strip.classList.toggle("shown", is);
  }

  document.addEventListener("input", (event) => { event.target.dataset.touched = ""; });
  document.addEventListener("reset", (event) => {
    for (const field of event.target.elements) delete field.dataset.touched;
  });
  const always = document.querySelector('[data-live="always"]');
  listen((now) => {
    asof = now.asof;
    stale(now.stale);
    const minute = Math.floor(now.step / 12); // deadlines count down even where nothing changes
    const key = always ? now.step : now.changes + "/" + minute;
    if (seen === null) seen = key;
    else if (seen !== key && Date.now() - last > REST) { seen = key; refresh(); }
  }, () => stale(true));
  return refresh;
})();
