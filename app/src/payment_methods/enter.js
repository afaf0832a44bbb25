// The page `Enter a payment method`: mounts the gateway's own fields, has the gateway confirm what was entered, and then
// posts the form. Numbers of cards and accounts stay between the gateway's frame and the gateway.
//
// The program in the browser does the same for the payment page (app/src/payments/gateway.rs); this page is plain, so it
// brings this script alone.
(() => {
  'use strict';
  const form = document.getElementById('enter');
  if (!form?.dataset.secret) return;
  const { kind, key, secret } = form.dataset;
  const save = form.querySelector('button');
  const problem = document.getElementById('enter-error');
  const NO_SCRIPT = 'The fields could not be loaded. Check your connection and load this page again. Nothing was saved.';
  const NO_ANSWER = 'The payment gateway gave no answer. Check your connection and try again. Nothing was saved.';
  const UNPROVEN = 'The account could not be confirmed at once, so it was not saved. Sign in at the bank in the gateway\u2019s window, or use another account.';

  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };

  const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

  const loaded = async () => {
    for (let look = 0; look < 150; look += 1) {
      if (typeof window.Stripe === 'function') return window.Stripe(key);
      await wait(100);
    }
    throw new Error(NO_SCRIPT);
  };

  const dark = () => {
    const forced = document.documentElement.dataset.theme;
    return forced ? forced === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  };

  // The gateway's field; accounts in the United States are chosen in a window of the gateway instead.
  const mount = (stripe) => {
    const style = { base: { fontSize: '16px', color: dark() ? '#ecedf0' : '#23262f' } };
    const elements = stripe.elements({ appearance: { theme: dark() ? 'night' : 'stripe' } });
    const types = {
      card: ['card', { style, hidePostalCode: true }],
      sepa_debit: ['iban', { style, supportedCountries: ['SEPA'] }],
    };
    if (!types[kind]) return null;
    const element = elements.create(...types[kind]);
    element.on('change', (event) => say(event.error?.message ?? ''));
    element.mount(document.getElementById('enter-fields'));
    return element;
  };

  // Whose account it is. A mandate needs both, a card's name is up to the payer.
  const owner = () => {
    const details = {};
    for (const name of ['name', 'email']) {
      const value = document.getElementById(`enter-${name}`)?.value.trim();
      if (value) details[name] = value;
    }
    return details;
  };

  const confirm = async (stripe, element) => {
    const billing_details = owner();
    if (kind === 'card') {
      return stripe.confirmCardSetup(secret, { payment_method: { card: element, billing_details } });
    }
    if (kind === 'sepa_debit') {
      return stripe.confirmSepaDebitSetup(secret, { payment_method: { sepa_debit: element, billing_details } });
    }
    const chosen = await stripe.collectBankAccountForSetup({
      clientSecret: secret,
      params: { payment_method_type: kind, payment_method_data: { billing_details } },
    });
    if (chosen.error) return chosen;
    if (chosen.setupIntent.status === 'requires_payment_method') return { error: { message: 'No account was chosen.' } };
    return stripe.confirmUsBankAccountSetup(secret);
  };

  const enter = async (stripe, element) => {
    const { error, setupIntent } = await confirm(stripe, element).catch(() => ({ error: { message: NO_ANSWER } }));
    if (error) return error.message || NO_ANSWER;
    return setupIntent?.status === 'succeeded' ? '' : UNPROVEN;
  };

  const start = async () => {
    const stripe = await loaded();
    const element = mount(stripe);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      save.disabled = true;
      say('');
      const wrong = await enter(stripe, element);
      if (!wrong) {
        form.submit();
        return;
      }
      say(wrong);
      save.disabled = false;
    });
    save.hidden = false;
  };

  start().catch((error) => say(error.message || NO_SCRIPT));
})();
