// The tasks that were begun on this page, until they end.

import * as gateway from './gateway.js';
import { hideProblem, showProblem } from './problem.js';
import { setText } from './texts.js';

const pause = 500; // ms between two looks at a task

const section = document.getElementById('tasks-section');
const listed = document.getElementById('tasks');
const used = new Set(); // ids of the instances that tasks are at

let changed = async () => {};

// onChange says what to call when a task begins or ends.
export function onChange(listener) { changed = listener; }

// inUse tells whether a task is at an instance.
export function inUse(id) { return used.has(id); }

// watch begins something, and shows how its task goes. It returns whether it was
// begun.
export async function watch(action, name, id, begin) {
  const session = gateway.current();
  hideProblem();
  if (id) used.add(id);
  try {
    await changed();
    const location = await begin();
    if (session !== gateway.current()) return false;
    follow(location, action, name, session).finally(() => {
      used.delete(id);
      if (session === gateway.current()) return changed();
    }).catch(fail(session));
    await changed();
    return true;
  } catch (failure) {
    used.delete(id);
    fail(session)(failure);
    changed().catch(() => {}); // what failed is on the page already
    return false;
  }
}

function fail(session) {
  return (failure) => {
    if (session === gateway.current()) showProblem(failure);
  };
}

// follow shows a task until it ends.
async function follow(location, action, name, session) {
  const item = document.createElement('li');
  const what = document.createElement('strong');
  const badge = document.createElement('span');
  const progress = document.createElement('span');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'plain';
  setText(what, 'of', action, name);
  item.dataset.task = action;
  setText(badge, 'pending');
  setText(button, 'cancel');
  button.addEventListener('click', () => {
    button.disabled = true;
    gateway.cancel(location).catch(fail(session));
  });
  item.append(what, badge, progress, button);
  listed.prepend(item);
  section.hidden = false;
  let before = '';
  try {
    for (;;) {
      const task = await gateway.task(location);
      if (session !== gateway.current()) return;
      const seen = `${task.state} ${task.progress}`;
      if (seen !== before) changed().catch(() => {}); // the task goes on without it
      before = seen;
      item.dataset.state = task.state;
      setText(badge, task.state);
      badge.className = 'badge ' + ({ succeeded: 'good', failed: 'bad', cancelled: '' }[task.state] ?? 'busy');
      progress.textContent = task.error ?? task.progress ?? '';
      if (task.state === 'failed') throw new gateway.Failure(0, task.error);
      if (task.state === 'succeeded' || task.state === 'cancelled') return;
      await new Promise((resolve) => { setTimeout(resolve, pause); });
      if (session !== gateway.current()) return;
    }
  } finally {
    button.remove();
  }
}

// clear forgets all tasks.
export function clear() {
  used.clear();
  listed.replaceChildren();
  section.hidden = true;
}
