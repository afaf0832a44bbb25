// The workbench: what is ticked, typed and chosen is asked for at once, and what changed is taken over from the page that the
// server draws. Nothing is computed here; without this script a button leads to the same page.
(() => {
  'use strict';
  const PAUSE = 250;
  const boxes = document.getElementById('sources');
  const plan = document.getElementById('plan');
  const sums = document.getElementById('sums');
  if (!boxes || !plan || !sums) return;
  const preview = boxes.querySelector('button');
  preview.hidden = true;

  let rule = new FormData(boxes).get('rule');
  let timer = 0;
  let asked = null;

  const form = () => plan.querySelector('form');
  const amounts = (of) => [...of.querySelectorAll('input[name$="[amount]"]')];
  const beside = (amount, field) => amount.form.elements[amount.name.replace('[amount]', `[${field}]`)].value;

  // What was typed, by invoice. It stays until another rule is chosen, also while nothing is ticked.
  const typed = new Map();
  const keep = (amount) => typed.set(beside(amount, 'invoice'), amount.value);
  // What came back from a post that failed was typed, too.
  if (new URLSearchParams(location.search).has('typed')) amounts(plan).forEach(keep);

  const address = () => {
    const query = new URLSearchParams(new FormData(boxes));
    query.set('rule', rule);
    return query;
  };

  const withTyped = (query) => {
    const all = new URLSearchParams(query);
    typed.forEach((text, invoice) => all.append('put', `${invoice}:${text}`));
    return all;
  };

  // The same invoices with the same open amounts: then only what stands in the fields changes.
  const facts = (of) => amounts(of).map((amount) => [beside(amount, 'invoice'), beside(amount, 'seen')].join()).join(' ');

  const takeOverLinks = (fresh) => {
    const now = [...document.querySelectorAll('main nav a')];
    const then = [...fresh.querySelectorAll('main nav a')];
    if (now.length !== then.length) return;
    now.forEach((link, place) => {
      link.href = then[place].getAttribute('href');
      const here = then[place].getAttribute('aria-current');
      if (here) link.setAttribute('aria-current', here);
      else link.removeAttribute('aria-current');
    });
  };

  const takeOverFields = (fresh) => {
    amounts(plan).forEach((amount, place) => {
      const then = amounts(fresh)[place];
      const part = amount.closest('.part');
      part.querySelector('.error')?.remove();
      const error = then.closest('.part').querySelector('.error');
      if (error) part.append(document.importNode(error, true));
      for (const name of ['aria-invalid', 'aria-describedby']) {
        const said = then.getAttribute(name);
        if (said) amount.setAttribute(name, said);
        else amount.removeAttribute(name);
      }
      if (!typed.has(beside(amount, 'invoice'))) amount.value = then.value;
    });
    for (const id of ['drawn', 'missed']) {
      document.getElementById(id).replaceChildren(...document.importNode(fresh.querySelector(`#${id}`), true).childNodes);
    }
  };

  const takeOver = (fresh) => {
    const then = fresh.getElementById('plan');
    const same = form() && then.querySelector('form') && facts(plan) === facts(then);
    if (same) {
      takeOverFields(then);
    } else {
      plan.replaceChildren(...document.importNode(then, true).childNodes);
    }
    takeOverLinks(fresh);
    sums.textContent = fresh.getElementById('sums').textContent;
  };

  const save = () => form()?.querySelector('.buttons button');

  const settle = () => {
    asked = null;
    plan.removeAttribute('aria-busy');
    if (save()) save().disabled = false;
  };

  const ask = async () => {
    const mine = new AbortController();
    asked = mine;
    const query = address();
    const url = `${boxes.action}?${withTyped(query)}`;
    try {
      const answer = await fetch(url, { credentials: 'same-origin', signal: mine.signal });
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (asked !== mine) return;
      if (!answer.ok || !fresh.getElementById('plan') || !fresh.getElementById('sums')) {
        location.assign(url);
        return;
      }
      takeOver(fresh);
      history.replaceState(null, '', `${boxes.action}?${query}`);
      settle();
    } catch (error) {
      // Another question took its place, or the network is gone: then the browser says so itself.
      if (asked === mine) location.assign(url);
    }
  };

  const soon = () => {
    plan.setAttribute('aria-busy', 'true');
    clearTimeout(timer);
    asked?.abort();
    asked = null;
    timer = setTimeout(ask, PAUSE);
  };

  // Nothing is saved that was not shown: the sources of the form are those of the last preview.
  const anew = () => {
    if (save()) save().disabled = true;
    soon();
  };

  boxes.addEventListener('change', anew);
  plan.addEventListener('input', (event) => {
    if (!event.target.name?.endsWith('[amount]')) return;
    keep(event.target);
    soon();
  });

  // By another rule the amounts are filled in anew.
  plan.addEventListener('click', (event) => {
    const link = event.target.closest('nav a');
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    rule = new URL(link.href).searchParams.get('rule') ?? 'due';
    boxes.elements.rule.value = rule;
    typed.clear();
    anew();
  });

  // What is being asked must not take the place of the post.
  plan.addEventListener('submit', () => {
    clearTimeout(timer);
    asked?.abort();
    asked = null;
  });
})();
