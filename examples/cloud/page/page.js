"use strict";

// Whatever comes from the cloud goes in as text, never as HTML: clients choose it.
function element(name, text, className) {
  const e = document.createElement(name);
  if (text !== undefined) e.textContent = text;
  if (className) e.className = className;
  return e;
}

function row(cells) {
  const tr = element("tr");
  for (const [text, className] of cells) tr.append(element("td", text, className));
  return tr;
}

// What a status looks like: broken, on its way, or fine.
function look(status) {
  if (/error|fail|killed/i.test(status)) return "bad";
  if (/build|ing\b|progress|resize|reboot|queued/i.test(status)) return "busy";
  return "";
}

const open = new Set(["compute server"]);
const find = document.getElementById("find");
let view = { resources: [], requests: [], total: 0 };

function group(resources) {
  const groups = new Map();
  for (const r of resources) {
    const key = r.service + " " + r.kind;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(r);
  }
  return groups;
}

function showResources() {
  const wanted = find.value.toLowerCase();
  const fits = (r) => [r.name, r.id, r.status, r.region, r.kind].some((t) => t.toLowerCase().includes(wanted));
  const parts = [];
  for (const [key, all] of group(view.resources.filter(fits))) {
    const details = element("details");
    details.open = open.has(key);
    details.addEventListener("toggle", () => (details.open ? open.add(key) : open.delete(key)));
    details.append(element("summary", all[0].service + ": " + all[0].kind + " (" + all.length + ")"));
    const table = element("table");
    for (const r of all.slice(0, 500)) {
      table.append(row([
        [r.region], [r.name], [r.status, look(r.status)], [r.detail, "detail"], [r.id === r.name ? "" : r.id, "id"],
      ]));
    }
    details.append(table);
    if (all.length > 500) details.append(element("p", "… and " + (all.length - 500) + " more"));
    parts.push(details);
  }
  document.getElementById("resources").replaceChildren(...parts);
}

function showRequests() {
  document.getElementById("total").textContent = "(" + view.total + ")";
  document.getElementById("requests").replaceChildren(...view.requests.toReversed().map((r) => row([
    [r.time], [r.method], [r.path, "path"], [r.operation], [r.status || "none", r.status >= 400 || !r.status ? "bad" : ""], [r.ms.toFixed(1)],
  ])));
}

find.addEventListener("input", showResources);
const state = document.getElementById("state");
const events = new EventSource("/_page/events");
events.onmessage = (message) => {
  view = JSON.parse(message.data);
  state.textContent = view.url;
  showResources();
  showRequests();
};
events.onerror = () => { state.textContent = "the cloud does not answer"; };
