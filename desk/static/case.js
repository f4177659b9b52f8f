"use strict";
(() => {
  const tried = new Map(); // form → {key, body}

  async function decide(form) {
    const data = { type: form.dataset.type };
    for (const field of form.elements) {
      if (field.name && field.value.trim()) data[field.name] = field.value.trim().normalize("NFC");
    }
    const body = JSON.stringify(data);
    const before = tried.get(form);
    const attempt = before && before.body === body ? before : { key: newKey(), body };
    tried.set(form, attempt);
    const button = form.querySelector("button");
    button.disabled = true;
    say("Đang ghi…", true);
    const answer = await postJson("/api/v1/feedback/" + encodeURIComponent(form.dataset.case) + "/events", body, attempt.key);
    button.disabled = false;
    if (answer.status === 202) done(form);
    else if (answer.status === 0 || answer.status >= 500) say("Chưa ghi được. Nội dung còn nguyên; bấm lại sau ít giây.", true);
    else { say(""); showErrors(answer.body.errors || [], (field) => (field === "text" ? "text-" + form.dataset.type.slice(9) : field)); }
  }

  function done(form) {
    const leaves = ["feedback.moved", "feedback.released"].includes(form.dataset.type);
    tried.delete(form);
    showErrors([], String);
    say("Đã ghi: " + form.querySelector("h3").textContent);
    setTimeout(() => { if (leaves) location.href = "/"; else location.reload(); }, 1500);
  }

  for (const form of document.querySelectorAll("form.event")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); decide(form); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key !== "Enter" || !event.ctrlKey) return;
    const form = document.activeElement && document.activeElement.closest("form.event");
    if (form) { event.preventDefault(); form.requestSubmit(); }
  });
})();
