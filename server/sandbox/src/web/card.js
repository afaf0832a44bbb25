// The card fields. They know the number, send it to the gateway's own API and give the page around them a token.
(() => {
  'use strict';
  const CHANNEL = 'payment-sandbox';
  const portal = new URLSearchParams(window.location.search).get('origin');
  const fields = Object.fromEntries(['number', 'expiry', 'cvc'].map((id) => [id, document.getElementById(id)]));
  const brandLabel = document.getElementById('brand');
  const BRANDS = [
    { id: 'visa', name: 'Visa', start: /^4/, lengths: [16], cvc: 3, groups: [4, 4, 4, 4] },
    { id: 'mastercard', name: 'Mastercard', start: /^(5[1-5]|2[2-7])/, lengths: [16], cvc: 3, groups: [4, 4, 4, 4] },
    { id: 'amex', name: 'American Express', start: /^3[47]/, lengths: [15], cvc: 4, groups: [4, 6, 5] },
    { id: 'discover', name: 'Discover', start: /^6(011|5|4[4-9])/, lengths: [16], cvc: 3, groups: [4, 4, 4, 4] },
  ];
  const UNKNOWN = { id: 'unknown', name: '', lengths: [12, 13, 14, 15, 16, 17, 18, 19], cvc: 3, groups: [4, 4, 4, 4, 3] };
  const PARAMS = { number: 'number', exp_month: 'expiry', exp_year: 'expiry', cvc: 'cvc' };
  // Errors appear when a field is left, and go while it is mended.
  const left = new Set();
  let refused = null;

  const send = (message) => window.parent.postMessage({ ...message, channel: CHANNEL }, portal);
  const digits = (text) => text.replace(/\D/g, '');
  const brandOf = (number) => BRANDS.find((brand) => brand.start.test(number)) || UNKNOWN;

  const luhn = (number) =>
    [...number].reverse().reduce((sum, digit, place) => {
      const value = Number(digit) * (place % 2 ? 2 : 1);
      return sum + (value > 9 ? value - 9 : value);
    }, 0) % 10 === 0;

  const group = (number, sizes) => {
    const parts = [];
    let at = 0;
    for (const size of sizes) {
      if (at < number.length) parts.push(number.slice(at, at + size));
      at += size;
    }
    return parts.join(' ');
  };

  // Writes a field's text and keeps the caret behind the same digit.
  const write = (input, text, digitsBefore) => {
    if (input.value === text) return;
    input.value = text;
    if (document.activeElement !== input) return;
    let at = 0;
    for (let seen = 0; at < text.length && seen < digitsBefore; at += 1) if (/\d/.test(text[at])) seen += 1;
    if (/^\D+$/.test(text.slice(at))) at = text.length;
    input.setSelectionRange(at, at);
  };

  const format = (input, event) => {
    const before = digits(input.value.slice(0, input.selectionStart ?? input.value.length)).length;
    const deleting = event?.inputType?.startsWith('delete');
    if (input === fields.number) {
      const { groups } = brandOf(digits(input.value));
      const longest = groups.reduce((sum, size) => sum + size, 0);
      write(input, group(digits(input.value).slice(0, longest), groups), before);
    } else if (input === fields.expiry) {
      let text = digits(input.value);
      let shift = 0;
      if (/^\s*[2-9]/.test(input.value) || /^\s*\d\s*\//.test(input.value)) {
        text = `0${text}`;
        shift = 1;
      }
      // What a browser fills in may have four digits of the year.
      if (text.length === 6 && text.slice(2, 4) === '20') text = text.slice(0, 2) + text.slice(4);
      text = text.slice(0, 4);
      const slash = text.length > 2 || (text.length === 2 && !deleting);
      write(input, slash ? `${text.slice(0, 2)}/${text.slice(2)}` : text, before + shift);
    } else {
      write(input, digits(input.value).slice(0, 4), before);
    }
  };

  const expiry = () => {
    const text = digits(fields.expiry.value);
    return { month: Number(text.slice(0, 2)), year: 2000 + Number(text.slice(2, 4)), complete: text.length === 4 };
  };

  const validators = {
    number: () => {
      const number = digits(fields.number.value);
      if (!brandOf(number).lengths.includes(number.length)) return ['incomplete_number', 'Your card number is incomplete.'];
      return luhn(number) ? null : ['invalid_number', 'Your card number is not valid.'];
    },
    expiry: () => {
      const { month, year, complete } = expiry();
      if (!complete) return ['incomplete_expiry', 'The expiry date is incomplete.'];
      if (month < 1 || month > 12) return ['invalid_expiry_month', 'The month must be between 01 and 12.'];
      const today = new Date();
      const past = year < today.getFullYear() || (year === today.getFullYear() && month <= today.getMonth());
      return past ? ['invalid_expiry_year_past', 'The card has expired.'] : null;
    },
    cvc: () => {
      const { cvc } = brandOf(digits(fields.number.value));
      return digits(fields.cvc.value).length === cvc ? null : ['incomplete_cvc', 'The security code is incomplete.'];
    },
  };

  // Shows what is to be shown and tells the page around.
  const report = () => {
    let first = null;
    let complete = true;
    for (const [name, input] of Object.entries(fields)) {
      let fault = validators[name]();
      complete &&= !fault;
      const incomplete = fault?.[0].startsWith('incomplete');
      if (fault && !(left.has(name) && input.value) && (incomplete || document.activeElement === input)) fault = null;
      if (!fault && refused?.field === name) fault = [refused.code, refused.message];
      document.getElementById(`${name}-error`).textContent = fault?.[1] ?? '';
      input.setAttribute('aria-invalid', String(Boolean(fault)));
      if (fault && !first) first = { type: 'validation_error', code: fault[0], message: fault[1] };
    }
    const brand = brandOf(digits(fields.number.value));
    brandLabel.textContent = brand.name;
    fields.cvc.placeholder = '1234'.slice(0, brand.cvc);
    const empty = Object.values(fields).every((input) => !input.value);
    send({ type: 'change', complete, empty, brand: brand.id, error: first });
  };

  const create = async ({ key, billing_details: details = {} }) => {
    Object.keys(fields).forEach((name) => left.add(name));
    for (const name of Object.keys(fields)) {
      const fault = validators[name]();
      if (fault) {
        refused = { field: name, code: fault[0], message: fault[1] };
        report();
        fields[name].focus();
        return { error: { type: 'validation_error', code: fault[0], message: fault[1] } };
      }
    }
    const { month, year } = expiry();
    const body = new URLSearchParams({
      key, type: 'card', 'card[number]': digits(fields.number.value), 'card[exp_month]': month,
      'card[exp_year]': year, 'card[cvc]': digits(fields.cvc.value),
    });
    for (const name of ['name', 'email', 'phone']) if (details[name]) body.set(`billing_details[${name}]`, details[name]);
    for (const [name, value] of Object.entries(details.address || {})) {
      if (value) body.set(`billing_details[address][${name}]`, value);
    }
    try {
      const answer = await (await fetch('/v1/payment_methods', { method: 'POST', body })).json();
      if (!answer.error) return { paymentMethod: answer };
      const { type, code, decline_code, message, param } = answer.error;
      if (PARAMS[param]) {
        refused = { field: PARAMS[param], code, message };
        report();
      }
      return { error: { type, code, decline_code, message, param } };
    } catch {
      const message = 'We could not reach the payment gateway. Please try again.';
      return { error: { type: 'api_connection_error', message } };
    }
  };

  // The page's wishes for its looks, as far as they are valid values.
  const LOOKS = {
    color: ['--text', 'color'], iconColor: ['--accent', 'color'], fontFamily: ['--font', 'font-family'],
    fontSize: ['--size', 'font-size'],
  };
  const options = ({ style, theme, disabled, background }) => {
    if (background && CSS.supports('background-color', background)) {
      document.documentElement.style.setProperty('--page', background);
    }
    for (const [name, [property, kind]] of Object.entries(LOOKS)) {
      const value = style?.base?.[name];
      if (value && CSS.supports(kind, value)) document.documentElement.style.setProperty(property, value);
    }
    if (theme) document.documentElement.dataset.theme = theme === 'night' ? 'dark' : 'light';
    if (disabled !== undefined) Object.values(fields).forEach((input) => { input.disabled = Boolean(disabled); });
  };

  window.addEventListener('message', async (event) => {
    if (event.source !== window.parent || event.origin !== portal || event.data?.channel !== CHANNEL) return;
    const message = event.data;
    if (message.type === 'options') options(message);
    if (message.type === 'focus') fields.number.focus();
    if (message.type === 'clear') {
      Object.values(fields).forEach((input) => { input.value = ''; });
      left.clear();
      refused = null;
      report();
    }
    if (message.type === 'create') send({ type: 'result', call: message.call, result: await create(message) });
  });

  for (const [name, input] of Object.entries(fields)) {
    input.addEventListener('input', (event) => {
      if (refused?.field === name) refused = null;
      left.delete(name);
      format(input, event);
      report();
    });
    input.addEventListener('focus', () => send({ type: 'focus' }));
    input.addEventListener('blur', () => {
      left.add(name);
      report();
      send({ type: 'blur' });
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') send({ type: 'enter' });
      if (event.key === 'Escape') send({ type: 'escape' });
    });
  }
  new ResizeObserver(() => send({ type: 'height', value: document.body.scrollHeight })).observe(document.getElementById('card'));
  send({ type: 'ready' });
})();
