"use strict";
// The event stream of the desk. EventSource gives up for ever after an HTTP error, so a watchdog reopens it.

/** Calls show(snapshot) for each one heard, and silent() each second while nothing has come for three ticks. */
function listen(show, silent) {
  const TICK = 5000; // the server sends at least this often
  let source = null;
  let heard = Date.now();
  let opened = 0;

  function open() {
    if (source) source.close();
    opened = Date.now();
    source = new EventSource("/giam-sat/dong");
    source.addEventListener("snapshot", (event) => { heard = Date.now(); show(JSON.parse(event.data)); });
  }

  setInterval(() => {
    const quiet = Date.now() - heard;
    if (quiet > 3 * TICK) silent();
    if (quiet > 2 * TICK && Date.now() - opened > 2 * TICK) open();
  }, 1000);
  open();
}

function staleWords(asof) { return "DỮ LIỆU CHƯA CẬP NHẬT" + (asof ? " TỪ " + asof : ""); }
