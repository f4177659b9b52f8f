"use strict";
// Shared by pages that post: keys that survive a retry, and errors that name their fields.

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Posts JSON; resolves to {status, body, retryAfter}; status 0 where nothing answered. */
async function postJson(url, body, key) {
  const headers = { "Content-Type": "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  try {
    const answer = await fetch(url, { method: "POST", headers, body });
    const found = await answer.json().catch(() => ({}));
    return { status: answer.status, body: found, retryAfter: Number(answer.headers.get("Retry-After")) || 5 };
  } catch {
    return { status: 0, body: {}, retryAfter: 5 };
  }
}

/** The name people know a case by, as the pages say it. */
function caseName(id) {
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  return "PA-" + (isUuid ? id.slice(0, 8).toUpperCase() : id.replace(/^PA-/, ""));
}

function showErrors(errors, fieldId) {
  const box = document.getElementById("errors");
  const list = document.createElement("ul");
  for (const { field, message } of errors) {
    const line = document.createElement("li");
    const target = document.getElementById(fieldId(field));
    const holder = target ? document.createElement("a") : document.createElement("span");
    if (target) holder.href = "#" + target.id;
    holder.textContent = message;
    line.append(holder);
    list.append(line);
  }
  box.replaceChildren(list);
  box.hidden = errors.length === 0;
  if (errors.length) box.focus();
}

function say(text, waiting) {
  const status = document.getElementById("status");
  status.textContent = text;
  status.classList.toggle("waiting", Boolean(waiting));
}
