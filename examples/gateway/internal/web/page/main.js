// The page: logging in, and the form for a new instance.

import * as gateway from './gateway.js';
import * as instances from './instances.js';
import { hideProblem, showProblem } from './problem.js';
import * as tasks from './tasks.js';
import { onLanguage, text } from './texts.js';

const loginForm = document.getElementById('login-form');
const createForm = document.getElementById('create-form');
const region = document.getElementById('region');

// during keeps a form from being sent twice.
async function during(form, what) {
  const button = form.querySelector('[type=submit]');
  if (button.disabled) return;
  button.disabled = true;
  form.setAttribute('aria-busy', 'true');
  try {
    await what();
  } finally {
    button.disabled = false;
    form.removeAttribute('aria-busy');
  }
}

// leave goes back to where one logs in.
function leave() {
  tasks.clear();
  instances.clear();
  show();
  loginForm.elements.password.focus();
}

gateway.onEnd((failure) => {
  leave();
  showProblem(failure);
});

// show shows the part of the page that is of use now.
function show() {
  const session = gateway.current();
  document.getElementById('login').hidden = Boolean(session);
  document.getElementById('work').hidden = !session;
  document.getElementById('logout').hidden = !session;
  document.getElementById('where').textContent = session ? `${session.region} ${text(session.region)}` : '';
}

loginForm.addEventListener('submit', (event) => {
  event.preventDefault();
  during(loginForm, async () => {
    hideProblem();
    const { tenant_id, username, password } = loginForm.elements;
    try {
      await gateway.login(region.value, { tenant_id: tenant_id.value.trim(), username: username.value.trim(), password: password.value });
      await Promise.all([instances.refresh(), choices()]);
    } catch (failure) {
      gateway.logout();
      showProblem(failure);
      return;
    }
    password.value = '';
    show();
    document.getElementById('instances-title').focus();
  });
});

document.getElementById('logout').addEventListener('click', () => {
  hideProblem();
  gateway.logout();
  leave();
});

document.getElementById('refresh').addEventListener('click', () => {
  hideProblem();
  instances.refresh().catch(showProblem);
});

let flavors = [];

// choices gets what instances can be made of.
async function choices() {
  const [images, subnets, keypairs] = await Promise.all([
    gateway.list('/compute/images/', 'images'),
    gateway.list('/subnet/', 'vpcsubnets'),
    gateway.list('/compute/keypairs/', 'keypairs'),
    gateway.list('/compute/flavors/', 'flavors').then((all) => { flavors = all.sort((a, b) => a.vcpus - b.vcpus || a.ram - b.ram); }),
  ]);
  const fields = createForm.elements;
  offerFlavors();
  offer(fields.image_id, byName(images.filter((image) => image.status === 'active').map((image) => [image.id, image.name])));
  offer(fields.subnet_id, subnets.map((subnet) => [subnet.id, `${subnet.name} (${subnet.cidr})`]));
  offer(fields.keypair_name, byName(keypairs.map(({ keypair }) => [keypair.name, keypair.name])));
}

function offerFlavors() {
  offer(createForm.elements.flavor_id, flavors.map((flavor) =>
    [flavor.id, `${flavor.name} (${text('choice', flavor.vcpus, flavor.ram / 1024)})`]));
}

// byName orders pairs of a value and a text by the text.
function byName(pairs) {
  return pairs.sort(([, a], [, b]) => a.localeCompare(b, 'en', { numeric: true }));
}

// offer puts pairs of a value and a text into a select, and keeps what is chosen.
function offer(select, pairs) {
  const chosen = select.value;
  const options = pairs.map(([value, label]) => new Option(label, value));
  select.replaceChildren(...(options.length ? options : [new Option(text('noChoice'), '')]));
  if (pairs.some(([value]) => value === chosen)) select.value = chosen;
}

createForm.addEventListener('submit', (event) => {
  event.preventDefault();
  during(createForm, async () => {
    const { name, flavor_id, image_id, subnet_id, keypair_name, volume_size } = createForm.elements;
    const body = {
      name: name.value.trim(), flavor_id: flavor_id.value, image_id: image_id.value, subnet_id: subnet_id.value,
      keypair_name: keypair_name.value, volume_size: volume_size.valueAsNumber,
    };
    const begun = await tasks.watch('create', body.name, '', () => gateway.begin('POST', '/compute/instances/create/', body));
    if (begun) name.value = '';
  });
});

tasks.onChange(async () => {
  instances.update();
  await instances.refresh();
});

async function offerRegions() {
  const settings = await (await fetch('/page/settings.json')).json();
  const label = () => offer(region, settings.regions.map((name) => [name, text(name) === name ? name : `${name} (${text(name)})`]));
  label();
  onLanguage(() => {
    label();
    offerFlavors();
    show();
  });
}

show();
offerRegions().catch(() => showProblem(new gateway.Failure(0, text('unreachable'))));
