"use strict";
(() => {
  const wall = document.getElementById("wall");
  const TICK = 5000; // the server sends at least this often
  const MISSED = 3;
  let source = null;
  let heard = Date.now();
  let reopened = Date.now();
  let asof = null;

  function put(id, value) { document.getElementById(id).textContent = value; }

  function parts(found) { return "hồ sơ: " + found.dossiers + " · phản ánh: " + found.feedback; }

  function number(id, value) {
    const box = document.getElementById(id);
    box.textContent = value.toLocaleString("vi-VN");
    box.parentElement.classList.toggle("none", value === 0);
  }

  function stale(is) {
    wall.classList.toggle("stale", is);
    if (is) put("fresh", "DỮ LIỆU CHƯA CẬP NHẬT" + (asof ? " TỪ " + asof : ""));
    else put("fresh", "Cập nhật lúc " + asof);
  }

  function show(found) {
    if (found.version !== wall.dataset.version) { location.reload(); return; }
    asof = found.asof;
    wall.classList.remove("waiting");
    put("day", "Ngày " + found.day);
    document.getElementById("demo").hidden = !found.demo;
    for (const id of ["urgent_untaken", "due_today", "overdue"]) number(id, found[id]);
    put("due_today_parts", parts(found.due_today_parts));
    put("overdue_parts", parts(found.overdue_parts));
    list(found.untaken);
    stale(found.stale || !asof);
  }

  function list(rows) {
    const items = rows.slice(0, Number(wall.dataset.rows)).map((row) => {
      const item = document.createElement("li");
      const place = document.createElement("span");
      const waited = document.createElement("span");
      place.className = "place";
      place.textContent = row.area;
      waited.textContent = row.minutes.toLocaleString("vi-VN") + " phút";
      item.append(place, waited);
      return item;
    });
    if (!items.length) {
      const none = document.createElement("li");
      none.textContent = "Không có";
      items.push(none);
    }
    document.getElementById("untaken").replaceChildren(...items);
  }

  function open() {
    if (source) source.close();
    reopened = Date.now();
    source = new EventSource("/giam-sat/dong");
    source.addEventListener("snapshot", (event) => { heard = Date.now(); show(JSON.parse(event.data)); });
  }

  // EventSource gives up for ever after an HTTP error, so a watchdog reopens it.
  setInterval(() => {
    const silent = Date.now() - heard;
    if (silent > MISSED * TICK) stale(true);
    if (silent > 2 * TICK && Date.now() - reopened > 2 * TICK) open();
  }, 1000);
  open();
})();
