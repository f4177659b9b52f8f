"use strict";
(() => {
  const wall = document.getElementById("wall");
  let asof = null;

  function put(id, value) { document.getElementById(id).textContent = value; }

  function count(value) { return value.toLocaleString("vi-VN"); }

  function span(minutes) {
    if (minutes < 120) return minutes + " phút";
    return count(Math.floor(minutes / 60)) + " giờ " + String(minutes % 60).padStart(2, "0") + " phút";
  }

  function parts(found) { return count(found.dossiers) + " hồ sơ · " + count(found.feedback) + " phản ánh"; }

  // State is colour, shape and word: nothing to do is green, ticked and says so.
  function tile(id, value, words) {
    const box = document.getElementById("tile-" + id);
    const shape = box.querySelector(".shape");
    box.classList.toggle("none", value === 0);
    shape.textContent = value === 0 ? "✓" : shape.dataset.shape;
    put(id, count(value));
    put(id + "_parts", value === 0 ? "Không có" : words);
  }

  function stale(is) {
    wall.classList.toggle("stale", is);
    put("fresh", is ? staleWords(asof) : "Cập nhật lúc " + asof);
  }

  // The lamp of the heartbeat: shape and word, not colour alone.
  function lamp(beat) {
    document.getElementById("beat").classList.toggle("none", beat.lit);
    put("beat", beat.lit ? "● Nhịp " + beat.at : beat.at ? "✕ Mất nhịp từ " + beat.at : "○ Chưa có nhịp");
  }

  function show(found) {
    if (found.version !== wall.dataset.version) { location.reload(); return; }
    asof = found.asof;
    wall.classList.remove("waiting");
    put("day", found.day);
    document.getElementById("demo").hidden = !found.demo;
    tile("urgent_untaken", found.urgent_untaken, count(found.urgent_untaken) + " phản ánh");
    tile("due_today", found.due_today, parts(found.due_today_parts));
    tile("overdue", found.overdue, parts(found.overdue_parts));
    list(found.untaken, found.urgent_untaken);
    lamp(found.beat);
    stale(found.stale || !asof);
  }

  function row(found) {
    const item = document.createElement("li");
    const place = document.createElement("span");
    const waited = document.createElement("span");
    place.className = "place";
    place.textContent = found.area;
    waited.textContent = span(found.minutes);
    item.append(place, waited);
    return item;
  }

  function list(rows, total) {
    document.getElementById("untaken").replaceChildren(...rows.map(row));
    put("more", !total ? "Không có việc khẩn nào đang chờ" : total > rows.length ? "và " + count(total - rows.length) + " việc nữa" : "");
    document.getElementById("more").classList.toggle("none", !total);
  }

  listen(show, () => stale(true));
})();
