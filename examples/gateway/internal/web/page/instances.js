// The table of instances. Rows stay as they are while their instance is there, so
// that the keyboard keeps its place when the list comes anew.

import * as gateway from './gateway.js';
import { onLanguage, setText, text, time } from './texts.js';
import { inUse, watch } from './tasks.js';

const pause = 1000; // ms between two looks at instances that change

const table = document.querySelector('#instances tbody');
const none = document.getElementById('none');
const dialog = document.getElementById('confirm');

const rows = new Map(); // by the id of the instance
let asked = 0; // how often the list was asked for
let timer = 0;

// settled are the statuses that instances leave only when somebody wants it.
const settled = new Set(['ACTIVE', 'SHUTOFF', 'ERROR', 'PAUSED', 'SUSPENDED', 'SHELVED', 'SHELVED_OFFLOADED', 'RESCUE', 'VERIFY_RESIZE']);

// actions are what can be done with an instance, and with which statuses.
const actions = {
  start: (status) => status === 'SHUTOFF',
  stop: (status) => status === 'ACTIVE',
  reboot: (status) => status === 'ACTIVE',
  delete: (status) => status !== 'DELETING',
};

// refresh gets the list anew, and goes on with that while something in it changes.
export async function refresh() {
  const session = gateway.current();
  const number = ++asked;
  clearTimeout(timer);
  const servers = await gateway.list('/compute/instances/', 'servers');
  if (number !== asked || session !== gateway.current()) return; // there is a newer one
  show(servers);
  if (servers.some((server) => !settled.has(server.status))) {
    timer = setTimeout(() => refresh().catch(() => {}), pause); // what fails is seen with the next action
  }
}

// clear forgets all instances.
export function clear() {
  asked++;
  clearTimeout(timer);
  show([]);
}

function show(servers) {
  const ids = new Set(servers.map((server) => server.id));
  for (const [id, row] of rows) {
    if (ids.has(id)) continue;
    const held = row.element.contains(document.activeElement);
    row.element.remove();
    rows.delete(id);
    if (held) document.getElementById('instances-title').focus();
  }
  for (const server of servers) {
    let row = rows.get(server.id);
    if (!row) {
      row = makeRow();
      rows.set(server.id, row);
    }
    row.server = server;
    fill(row);
  }
  const order = servers.map((server) => rows.get(server.id).element);
  if (order.some((element, i) => table.children[i] !== element)) table.append(...order);
  none.hidden = servers.length > 0;
}

function makeRow() {
  const row = { element: document.createElement('tr'), cells: {}, buttons: {} };
  for (const key of ['name', 'status', 'addresses', 'created', 'actions']) {
    const cell = document.createElement(key === 'name' ? 'th' : 'td');
    if (key === 'name') cell.scope = 'row';
    row.element.append(cell);
    row.cells[key] = cell;
  }
  row.badge = document.createElement('span');
  row.cells.status.append(row.badge);
  for (const action of Object.keys(actions)) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = action === 'delete' ? 'danger' : 'plain';
    button.dataset.action = action;
    button.addEventListener('click', () => act(row, action));
    setText(button, action);
    row.cells.actions.append(button, ' ');
    row.buttons[action] = button;
  }
  return row;
}

function fill(row) {
  const { server, cells, badge, buttons } = row;
  row.element.dataset.name = server.name;
  row.element.dataset.status = server.status;
  cells.name.textContent = server.name;
  badge.textContent = server.status;
  badge.className = 'badge ' + (server.status === 'ACTIVE' ? 'good' : server.status === 'ERROR' ? 'bad' : settled.has(server.status) ? '' : 'busy');
  cells.addresses.textContent = Object.values(server.addresses ?? {}).flat().map((address) => address.addr).join(', ');
  cells.created.textContent = time(server.created);
  for (const [action, possible] of Object.entries(actions)) {
    buttons[action].disabled = inUse(server.id) || !possible(server.status);
    buttons[action].setAttribute('aria-label', text('of', action, server.name));
  }
  for (const [key, cell] of Object.entries(cells)) cell.dataset.label = text(key); // for narrow windows
}

async function act(row, action) {
  const { id, name } = row.server;
  if (action === 'delete') {
    if (!await confirmed(name)) return;
    await watch(action, name, id, () => gateway.begin('DELETE', `/compute/instances/${encodeURIComponent(id)}/`));
  } else {
    await watch(action, name, id, () => gateway.begin('POST', `/compute/instances/${encodeURIComponent(id)}/action/`, { action }));
  }
}

function confirmed(name) {
  document.getElementById('confirm-text').textContent = text('confirmDelete', name);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

// update shows anew what can be done with the instances.
export function update() {
  for (const row of rows.values()) fill(row);
}

onLanguage(update);
