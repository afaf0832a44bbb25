// The bank's question, played by the sandbox: two buttons that end a 3-D Secure authentication well or badly.
(() => {
  'use strict';
  const CHANNEL = 'payment-sandbox';
  const portal = new URLSearchParams(window.location.search).get('origin');
  const send = (message) => window.parent.postMessage({ ...message, channel: CHANNEL }, portal);
  const element = (id) => document.getElementById(id);
  const buttons = [element('complete'), element('fail')];
  let question = null;

  const show = ({ amount, currency }) => {
    if (amount === undefined || !currency) return;
    const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
    const digits = format.resolvedOptions().maximumFractionDigits;
    element('amount').textContent = format.format(amount / 10 ** digits);
  };

  const answer = async (success) => {
    buttons.forEach((button) => { button.disabled = true; });
    element('status').textContent = 'Telling the bank …';
    const { key, path, id, secret } = question;
    const body = new URLSearchParams({ key, client_secret: secret, success: String(success) });
    let result;
    try {
      result = await (await fetch(`/v1/${path}/${id}/_authenticate`, { method: 'POST', body })).json();
    } catch {
      element('status').textContent = 'The bank did not answer. Please try again.';
      buttons.forEach((button) => { button.disabled = false; });
      return;
    }
    send({ type: 'answered', result });
  };

  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || event.origin !== portal || event.data?.channel !== CHANNEL) return;
    if (event.data.type !== 'challenge') return;
    question = event.data;
    show(question);
    buttons.forEach((button) => { button.disabled = false; });
    buttons[0].focus();
  });
  buttons[0].addEventListener('click', () => answer(true));
  buttons[1].addEventListener('click', () => answer(false));
  // The dialog around cannot hear the key while the focus is in here.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && question && !buttons[1].disabled) answer(false);
  });
  new ResizeObserver(() => send({ type: 'height', value: document.body.scrollHeight })).observe(element('challenge'));
  send({ type: 'ready' });
})();
