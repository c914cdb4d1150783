// The calls of the gateway. The token is in a variable alone: it is gone with the
// page.

import { text } from './texts.js';

const root = '/api/nhn';

let session = null;

// Failure is what a call failed with: the status, 0 where there was no answer, and
// the text of the gateway.
export class Failure extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// login gets a token, for all calls to come.
export async function login(region, account) {
  const { body } = await send('POST', root + '/token/', account);
  session = { region, token: body.token, tenant: body.tenant_id };
}

// logout forgets the token.
export function logout() { session = null; }

let ended = () => {};

// onEnd says what to call when a token is good no more, with the failure.
export function onEnd(listener) { ended = listener; }

// current tells one login from another, so that what comes late is told apart.
export function current() { return session; }

// list returns what a path lists under a key.
export async function list(path, key) {
  const { body } = await send('GET', root + path);
  return body[key];
}

// begin begins what takes a while, and returns where its task is.
export async function begin(method, path, body) {
  const { headers } = await send(method, `${root}${path}?async=true`, body);
  return headers.get('Location');
}

// task returns a task, and cancel asks for its end.
export async function task(location) { return (await send('GET', location)).body.task; }
export async function cancel(location) { await send('DELETE', location); }

async function send(method, path, body) {
  // The token goes to the gateway alone.
  const url = new URL(path, window.location.href);
  if (url.origin !== window.location.origin) throw new Failure(0, text('unreachable'));
  const sender = session;
  const headers = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (sender) {
    headers['X-NHN-Region'] = sender.region;
    headers['X-NHN-Token'] = sender.token;
    headers['X-NHN-Tenant-ID'] = sender.tenant;
  }
  let answer, content;
  try {
    answer = await fetch(url, { method, headers, cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body) });
    content = await answer.text();
  } catch {
    throw new Failure(0, text('unreachable'));
  }
  let parsed = {};
  try {
    if (content) parsed = JSON.parse(content);
  } catch {
    throw new Failure(answer.status, text('answered', answer.status));
  }
  if (!answer.ok) {
    const failure = new Failure(answer.status, parsed.error ?? text('answered', answer.status));
    if (answer.status === 401 && sender && sender === session) {
      logout();
      ended(failure);
    }
    throw failure;
  }
  return { body: parsed, headers: answer.headers };
}
