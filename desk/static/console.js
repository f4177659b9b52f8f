"use strict";
(() => {
  const form = document.getElementById("intake");
  const text = document.getElementById("text");
  const button = document.getElementById("send");
  const DRAFT = "langnghe-nhap";
  let pending = null; // {key, body}: what was last tried, so that the same body goes with the same key
  let retryTimer = 0;

  function gather() {
    const data = { text: text.value.normalize("NFC"), channel: form.channel.value, anonymous: form.anonymous.checked };
    for (const name of ["area", "address"]) {
      const value = form.elements[name].value.trim();
      if (value) data[name] = value;
    }
    const reporter = {};
    for (const name of ["name", "phone"]) {
      const value = form.elements["reporter." + name].value.trim();
      if (value) reporter[name] = value;
    }
    if (Object.keys(reporter).length) data.reporter = reporter;
    return JSON.stringify(data);
  }

  function saveDraft() {
    const fields = {};
    for (const field of form.elements) if (field.name) fields[field.name] = field.type === "checkbox" ? field.checked : field.value;
    sessionStorage.setItem(DRAFT, JSON.stringify({ fields, pending }));
  }

  function loadDraft() {
    const draft = JSON.parse(sessionStorage.getItem(DRAFT) || "null");
    if (!draft) return;
    for (const [name, value] of Object.entries(draft.fields)) {
      const field = form.elements[name];
      if (!field) continue;
      if (field.type === "checkbox") field.checked = value;
      else field.value = value;
    }
    pending = draft.pending;
  }

  async function send() {
    clearTimeout(retryTimer);
    if (!text.value.trim()) {
      showErrors([{ field: "text", message: "Chưa có nội dung. Ghi lại lời người dân rồi gửi." }], (field) => field);
      return;
    }
    const body = gather();
    if (!pending || pending.body !== body) pending = { key: newKey(), body };
    saveDraft();
    button.disabled = true;
    say("Đang gửi…", true);
    const answer = await postJson("/api/v1/feedback", body, pending.key);
    button.disabled = false;
    if (answer.status === 202) sent(answer.body.feedback_id);
    else if (answer.status === 0 || answer.status >= 500 || answer.status === 429) again(answer.retryAfter);
    else refused(answer);
  }

  function sent(id) {
    pending = null;
    const channel = form.channel.value;
    form.reset();
    form.channel.value = channel;
    sessionStorage.removeItem(DRAFT);
    showErrors([], String);
    clearProposal();
    say("Đã gửi " + caseName(id));
    text.focus();
    refreshLive();
    setTimeout(refreshLive, 3000);
  }

  function again(seconds) {
    say("Chưa gửi được. Nội dung còn nguyên; tự gửi lại sau " + seconds + " giây.", true);
    retryTimer = setTimeout(() => { if (pending && pending.body === gather()) send(); }, seconds * 1000);
  }

  function refused(answer) {
    say("");
    if (answer.status === 401) { location.href = "/dang-nhap?tiep=/tiep-nhan"; return; }
    if (answer.status === 409) pending = null;
    showErrors(answer.body.errors || [{ field: "text", message: "Không gửi được; kiểm tra nội dung." }],
      (field) => (field.startsWith("reporter") ? "reporter-name" : field));
  }

  // Proposals: asked for when typing pauses; they never take the focus, and an old answer never replaces a newer one.
  let proposalTimer = 0;
  let asked = 0;

  function proposeSoon(event) {
    saveDraft();
    if (event.isComposing) return;
    clearTimeout(proposalTimer);
    proposalTimer = setTimeout(propose, 350);
  }

  async function propose() {
    const mine = ++asked;
    if (text.value.trim().length < 8) { clearProposal(); return; }
    const said = { text: text.value, area: form.area.value, address: form.address.value };
    const answer = await postJson("/api/v1/proposals", JSON.stringify(said), null);
    if (mine !== asked) return;
    if (answer.status === 200) showProposal(answer.body);
    else note((answer.body.errors || [{ message: "Chưa có đề xuất." }])[0].message);
  }

  function put(id, value) { document.getElementById(id).textContent = value; }

  function note(message) {
    put("proposal-note", message);
    document.getElementById("proposal-note").hidden = false;
    document.getElementById("proposal").hidden = true;
    strip("strip", "");
    strip("danger", "");
  }

  function strip(id, message) {
    const box = document.getElementById(id);
    if (box.textContent !== message) box.textContent = message;
    box.classList.toggle("shown", Boolean(message));
  }

  function clearProposal() { asked++; note("Gõ nội dung để xem lĩnh vực, đơn vị và thời hạn đề xuất."); }

  function showProposal(found) {
    document.getElementById("proposal").hidden = false;
    document.getElementById("proposal-note").hidden = true;
    put("p-domain", found.domain.label + (found.abstained ? " (cần người phân loại)" : ""));
    put("p-agency", found.lane.code === "to_cao" ? "Bộ phận có thẩm quyền" : found.agency ? found.agency.label : "Chưa rõ");
    put("p-area", found.area || "Chưa rõ");
    put("p-lane", found.lane.label);
    put("p-urgency", found.urgency.label);
    put("p-reasons", found.reasons.map((reason) => "“" + reason.text + "”").join(", ") || "—");
    put("p-alternatives", found.alternatives.slice(1).map((one) => one.label).join("; ") || "—");
    showDeadlines(found.deadlines, found.urgency.code === "urgent");
    showDuplicates(found.duplicates);
    strip("danger", found.danger || "");
    strip("strip", found.to_read ? found.lane.label + ". " + found.to_read : "");
  }

  function made(tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  }

  // The last deadline is the one to tell the citizen, of an urgent case the first is what matters; all stand folded below.
  function showDeadlines(stages, urgent) {
    const main = stages[urgent ? 0 : stages.length - 1];
    put("p-deadline", main ? main.title + ": " + main.line : "Không có thời hạn");
    document.getElementById("p-why").replaceChildren(...stages.flatMap((one) =>
      [made("dt", one.title + ": " + one.line), ...one.why.map((line) => made("dd", line))]));
    document.getElementById("p-why").parentElement.hidden = !main;
  }

  function showDuplicates(found) {
    const box = document.getElementById("p-duplicates");
    box.hidden = !found.length;
    box.querySelector("ul").replaceChildren(...found.map((one) => {
      const item = document.createElement("li");
      const link = made("a", one.name);
      link.href = "/tiep-nhan/" + encodeURIComponent(one.feedback_id);
      link.target = "_blank";
      const facts = [one.age, one.stage, one.area, one.distance].filter(Boolean);
      item.append(link, " " + facts.join(" · "), made("p", one.why));
      return item;
    }));
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); if (!button.disabled) send(); });
  form.addEventListener("input", saveDraft);
  text.addEventListener("input", proposeSoon);
  for (const name of ["area", "address"]) form.elements[name].addEventListener("change", proposeSoon);
  text.addEventListener("compositionend", proposeSoon);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key !== "Enter" || !event.ctrlKey) return;
    event.preventDefault();
    if (!button.disabled) send();
  });
  loadDraft();
  text.focus();
  if (pending && pending.body === gather()) send();
  else if (text.value) propose();
})();
