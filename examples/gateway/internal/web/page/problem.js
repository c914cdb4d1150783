// The one place where the page says what went wrong.

const box = document.getElementById('problem');

// showProblem shows what something failed with, until it is closed or something
// else is done.
export function showProblem(failure) {
  document.getElementById('problem-text').textContent = failure.message;
  box.hidden = false;
}

export function hideProblem() { box.hidden = true; }

document.getElementById('problem-close').addEventListener('click', hideProblem);
