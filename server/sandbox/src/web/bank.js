// Fields for bank accounts: an IBAN in the page, or routing and account number in a window of its own. They know the number,
// send it to the gateway's own API and give the page around them a token.
(() => {
  'use strict';
  const CHANNEL = 'payment-sandbox';
  const asked = new URLSearchParams(window.location.search);
  const portal = asked.get('origin');
  const isWindow = asked.get('kind') === 'us_bank_account';
  const element = (id) => document.getElementById(id);
  const shown = element(isWindow ? 'account-fields' : 'iban-fields');
  const send = (message) => window.parent.postMessage({ ...message, channel: CHANNEL }, portal);
  let key = null;
  let owner = {};

  const post = async (fields, details) => {
    const body = new URLSearchParams({ key, ...fields });
    for (const name of ['name', 'email']) if (details?.[name]) body.set(`billing_details[${name}]`, details[name]);
    try {
      const answer = await (await fetch('/v1/payment_methods', { method: 'POST', body })).json();
      if (!answer.error) return { paymentMethod: answer };
      const { type, code, message, param } = answer.error;
      return { error: { type, code, message, param } };
    } catch {
      const message = 'We could not reach the payment gateway. Please try again.';
      return { error: { type: 'api_connection_error', message } };
    }
  };

  const show = (id, text) => {
    element(`${id}-error`).textContent = text;
    element(id).setAttribute('aria-invalid', String(Boolean(text)));
  };

  // Remainder 1 of the digits, letters as 10 to 35, the first four characters last.
  const passes = (iban) => {
    const moved = iban.slice(4) + iban.slice(0, 4);
    const digits = moved.replace(/[A-Z]/g, (letter) => letter.charCodeAt(0) - 55);
    return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
  };

  const createIban = async (message) => {
    const iban = element('iban').value.replace(/\s/g, '').toUpperCase();
    key = message.key;
    if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/.test(iban) || !passes(iban)) {
      const fault = { type: 'validation_error', code: 'invalid_iban', message: 'Your IBAN is not valid.' };
      show('iban', fault.message);
      return { error: fault };
    }
    const result = await post({ type: 'sepa_debit', 'sepa_debit[iban]': iban }, message.billing_details);
    show('iban', result.error?.message ?? '');
    return result;
  };

  element('iban').addEventListener('input', () => {
    show('iban', '');
    send({ type: 'change', complete: element('iban').value.length > 14, empty: !element('iban').value, error: null });
  });
  element('iban').addEventListener('keydown', (event) => {
    if (event.key === 'Enter') send({ type: 'enter' });
  });
  element('account').addEventListener('submit', async (event) => {
    event.preventDefault();
    const result = await post({
      type: 'us_bank_account', 'us_bank_account[routing_number]': element('routing').value,
      'us_bank_account[account_number]': element('number').value.replace(/\s/g, ''),
      'us_bank_account[account_holder_type]': 'company',
    }, owner);
    show('number', result.error?.message ?? '');
    if (!result.error) send({ type: 'chosen', method: result.paymentMethod.id });
  });
  element('cancel').addEventListener('click', () => send({ type: 'chosen', method: null }));

  window.addEventListener('message', async (event) => {
    if (event.source !== window.parent || event.origin !== portal || event.data?.channel !== CHANNEL) return;
    const message = event.data;
    if (message.type === 'options' && message.theme) {
      document.documentElement.dataset.theme = message.theme === 'night' ? 'dark' : 'light';
    }
    if (message.type === 'focus') element('iban').focus();
    if (message.type === 'create') send({ type: 'result', call: message.call, result: await createIban(message) });
    if (message.type === 'choose') {
      key = message.key;
      owner = message.billing_details || {};
      element('number').focus();
    }
  });
  shown.hidden = false;
  new ResizeObserver(() => send({ type: 'height', value: document.body.scrollHeight })).observe(shown);
  send({ type: 'ready' });
})();
