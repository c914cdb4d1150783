// What the page says, in Korean and English.

const texts = {
  ko: {
    title: 'NHN Cloud 게이트웨이',
    reference: 'API 문서',
    logout: '로그아웃',
    login: '로그인',
    tenant: '테넌트 ID',
    username: '사용자 이름',
    password: 'API 비밀번호',
    passwordHint: '콘솔 비밀번호가 아닌 API 비밀번호입니다. 페이지를 닫으면 비밀번호와 토큰은 남지 않습니다.',
    region: '리전',
    kr1: '판교',
    kr2: '평촌',
    instances: '인스턴스',
    refresh: '새로 고침',
    name: '이름',
    status: '상태',
    addresses: 'IP 주소',
    created: '생성 시각',
    actions: '작업',
    none: '인스턴스가 없습니다.',
    start: '시작',
    stop: '정지',
    reboot: '재부팅',
    delete: '삭제',
    keep: '취소',
    confirmDelete: (name) => `인스턴스 ${name}을(를) 삭제할까요? 되돌릴 수 없습니다.`,
    createTitle: '인스턴스 생성',
    flavor: '인스턴스 타입',
    image: '이미지',
    subnet: '서브넷',
    keypair: '키 페어',
    volume: '볼륨 크기(GB)',
    create: '생성',
    noChoice: '선택할 항목이 없습니다',
    choice: (vcpus, gigabytes) => `vCPU ${vcpus}개, 메모리 ${gigabytes}GB`,
    tasks: '진행 상황',
    cancel: '취소',
    close: '닫기',
    of: (action, name) => `${name} ${texts.ko[action]}`,
    pending: '대기 중',
    running: '진행 중',
    succeeded: '완료',
    failed: '실패',
    cancelled: '취소됨',
    unreachable: '게이트웨이에 연결할 수 없습니다.',
    answered: (status) => `게이트웨이가 ${status} 상태로 응답했습니다.`,
  },
  en: {
    title: 'NHN Cloud gateway',
    reference: 'API reference',
    logout: 'Log out',
    login: 'Log in',
    tenant: 'Tenant ID',
    username: 'User name',
    password: 'API password',
    passwordHint: 'The API password, which is not that of the console. Neither it nor the token stays when the page is closed.',
    region: 'Region',
    kr1: 'Pangyo',
    kr2: 'Pyeongchon',
    instances: 'Instances',
    refresh: 'Refresh',
    name: 'Name',
    status: 'Status',
    addresses: 'IP addresses',
    created: 'Created',
    actions: 'Actions',
    none: 'There are no instances.',
    start: 'Start',
    stop: 'Stop',
    reboot: 'Reboot',
    delete: 'Delete',
    keep: 'Keep it',
    confirmDelete: (name) => `Delete the instance ${name}? There is no way back.`,
    createTitle: 'Create an instance',
    flavor: 'Flavor',
    image: 'Image',
    subnet: 'Subnet',
    keypair: 'Key pair',
    volume: 'Volume (GB)',
    create: 'Create',
    noChoice: 'there is none',
    choice: (vcpus, gigabytes) => `${vcpus} vCPU, ${gigabytes} GB memory`,
    tasks: 'Tasks',
    cancel: 'Cancel',
    close: 'Close',
    of: (action, name) => `${texts.en[action]} ${name}`,
    pending: 'waiting',
    running: 'under way',
    succeeded: 'done',
    failed: 'failed',
    cancelled: 'cancelled',
    unreachable: 'The gateway can’t be reached.',
    answered: (status) => `The gateway answered with status ${status}.`,
  },
};

let language = navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';

// text returns a text in the language of the page. Where it has no such text, as
// for the names of other regions and states, it is the key.
export function text(key, ...values) {
  const found = texts[language][key] ?? key;
  return typeof found === 'function' ? found(...values) : found;
}

// time returns a point in time as one writes it in the language of the page.
export function time(value) {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? '' : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

// setText gives an element a text, and keeps it in the language of the page.
export function setText(element, key, ...values) {
  element.dataset.text = key;
  element.values = values;
  element.textContent = text(key, ...values);
}

const listeners = [];

// onLanguage has a function called when the language was changed.
export function onLanguage(listener) { listeners.push(listener); }

function show() {
  document.documentElement.lang = language;
  document.title = text('title');
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = text(element.dataset.text, ...(element.values ?? []));
  }
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language));
  }
  for (const listener of listeners) listener();
}

for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => {
    language = button.dataset.language;
    show();
  });
}
show();
