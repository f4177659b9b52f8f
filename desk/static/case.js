"use strict";
(() => {
  const tried = new Map(); // type of decision → {key, body}: the same body goes with the same key
  const FORM = "form[data-type]";

  async function decide(form) {
    const type = form.dataset.type;
    const data = { type: "feedback." + type };
    for (const field of form.elements) {
      if (field.name && field.value.trim()) data[field.name] = field.value.trim().normalize("NFC");
    }
    const empty = [...form.elements].filter((field) => field.required && !field.value.trim());
    if (empty.length) {
      showErrors(empty.map((field) => ({ field: field.name, message: "Chưa ghi: " + field.labels[0].textContent })), (name) => name + "-" + type);
      return;
    }
    const body = JSON.stringify(data);
    const before = tried.get(type);
    const attempt = before && before.body === body ? before : { key: newKey(), body };
    tried.set(type, attempt);
    const button = form.querySelector("button");
    button.disabled = true;
    say("Đang ghi…", true);
    const answer = await postJson("/api/v1/feedback/" + encodeURIComponent(form.dataset.case) + "/events", body, attempt.key);
    button.disabled = false;
    if (answer.status === 202) done(form);
    else if (answer.status === 0 || answer.status >= 500) say("Chưa ghi được. Nội dung còn nguyên; bấm lại sau ít giây.", true);
    else { say(""); showErrors(answer.body.errors || [], (name) => name + "-" + type); }
  }

  function done(form) {
    tried.delete(form.dataset.type);
    showErrors([], String);
    say("Đã ghi: " + form.dataset.title);
    form.reset();
    document.getElementById("case").closest("main").focus();
    const leaves = ["moved", "released"].includes(form.dataset.type);
    const restricted = !document.getElementById("case").hasAttribute("data-live");
    if (leaves || restricted) setTimeout(() => { if (leaves) location.href = "/"; else location.reload(); }, 1500);
    else setTimeout(refreshLive, 1000);
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(FORM)) return;
    event.preventDefault();
    decide(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key !== "Enter" || !event.ctrlKey) return;
    const form = document.activeElement && document.activeElement.closest(FORM);
    if (form) { event.preventDefault(); form.requestSubmit(); }
  });
})();
