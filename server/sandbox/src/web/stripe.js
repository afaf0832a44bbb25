// The part of Stripe.js that the portal uses, for the sandbox. The fields and the bank's challenge are frames of the
// gateway's origin; this script sees tokens and states, never a number.
(() => {
  'use strict';
  const tag = document.currentScript || document.querySelector('script[src*="/v3"]');
  const gateway = new URL(tag.src).origin;
  const CHANNEL = 'payment-sandbox';
  const COLLECTIONS = { pi: ['payment_intents', 'paymentIntent'], seti: ['setup_intents', 'setupIntent'] };

  // A frame of the gateway with messages to and from it. Every message is checked for sender and origin.
  class Frame {
    constructor(page, title, onMessage, more = '') {
      this.waiting = new Map();
      this.queue = [];
      this.calls = 0;
      this.element = document.createElement('iframe');
      this.element.src = `${gateway}/v3/${page}?origin=${encodeURIComponent(window.location.origin)}${more}`;
      this.element.title = title;
      Object.assign(this.element.style, { border: '0', width: '100%', display: 'block' });
      this.listener = (event) => {
        const own = event.source === this.element.contentWindow && event.origin === gateway;
        if (!own || !event.data || event.data.channel !== CHANNEL) return;
        const message = event.data;
        if (message.type === 'ready') this.open();
        if (message.type === 'height') this.element.style.height = `${Math.ceil(message.value)}px`;
        if (message.type === 'result') {
          this.waiting.get(message.call)?.(message.result);
          this.waiting.delete(message.call);
        }
        onMessage(message);
      };
      window.addEventListener('message', this.listener);
    }

    open() {
      this.ready = true;
      this.queue.splice(0).forEach((message) => this.send(message));
    }

    send(message) {
      if (!this.ready) this.queue.push(message);
      else this.element.contentWindow.postMessage({ ...message, channel: CHANNEL }, gateway);
    }

    ask(message) {
      const call = ++this.calls;
      return new Promise((resolve) => {
        this.waiting.set(call, resolve);
        this.send({ ...message, call });
      });
    }

    remove() {
      window.removeEventListener('message', this.listener);
      this.element.remove();
      this.ready = false;
      this.waiting.forEach((resolve) => resolve({ error: problem('The card fields were removed.') }));
      this.waiting.clear();
    }
  }

  const problem = (message, type = 'api_connection_error') => ({ type, message });

  // The colour behind an element. The frame repeats it, so that its text is read on what it is seen on.
  const surface = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== 'transparent' && !/^rgba\(.*, 0\)$/.test(colour)) return colour;
    }
    return undefined;
  };

  const FRAMES = { card: ['card.html', 'Secure card fields', '156px'], iban: ['bank.html', 'Secure bank account field', '74px'] };

  // The gateway's fields for a card or an IBAN.
  class FieldElement {
    constructor(type, options, appearance) {
      this.type = type;
      this.options = options || {};
      this.appearance = appearance;
      this.handlers = {};
    }

    on(name, handler) {
      (this.handlers[name] ||= []).push(handler);
      return this;
    }

    off(name, handler) {
      this.handlers[name] = (this.handlers[name] || []).filter((known) => handler && known !== handler);
      return this;
    }

    once(name, handler) {
      const first = (event) => {
        this.off(name, first);
        handler(event);
      };
      return this.on(name, first);
    }

    emit(name, event = {}) {
      (this.handlers[name] || []).slice().forEach((handler) => handler({ elementType: this.type, ...event }));
    }

    mount(target) {
      const place = typeof target === 'string' ? document.querySelector(target) : target;
      if (!place) throw new Error(`The selector you specified (${target}) applies to no DOM elements.`);
      this.unmount();
      const [page, title, height] = FRAMES[this.type];
      this.frame = new Frame(page, title, (message) => this.receive(message, place));
      // The frame keeps room for the focus ring; the fields themselves align with the page.
      Object.assign(this.frame.element.style, { height, width: 'calc(100% + 8px)', margin: '-4px' });
      this.place = place;
      place.replaceChildren(this.frame.element);
      this.dark = matchMedia('(prefers-color-scheme: dark)');
      this.repaint = () => this.update({});
      this.dark.addEventListener('change', this.repaint);
    }

    receive(message, place) {
      if (message.type === 'ready') {
        this.update({});
        this.emit('ready');
      }
      if (message.type === 'change') {
        const { complete, empty, brand, error } = message;
        this.emit('change', { complete, empty, brand, error: error || undefined });
      }
      if (['focus', 'blur', 'escape'].includes(message.type)) this.emit(message.type);
      if (message.type === 'enter') place.closest('form')?.requestSubmit();
    }

    update(options) {
      Object.assign(this.options, options);
      const { style, disabled } = this.options;
      const background = this.place && surface(this.place);
      this.frame?.send({ type: 'options', style, disabled, theme: this.appearance?.theme, background });
    }

    focus() {
      this.frame?.element.focus();
      this.frame?.send({ type: 'focus' });
    }

    blur() {
      this.frame?.element.blur();
    }

    clear() {
      this.frame?.send({ type: 'clear' });
    }

    unmount() {
      this.dark?.removeEventListener('change', this.repaint);
      this.frame?.remove();
      this.frame = undefined;
    }

    destroy() {
      this.unmount();
      this.handlers = {};
    }
  }

  const request = async (key, method, path, fields) => {
    const body = new URLSearchParams({ key, ...fields });
    const url = `${gateway}/v1/${path}`;
    try {
      const response = method === 'GET' ? await fetch(`${url}?${body}`) : await fetch(url, { method, body });
      return await response.json();
    } catch {
      return { error: problem('We could not reach the payment gateway. Nothing was charged by this page; check the payment before you try again.') };
    }
  };

  const parse = (secret) => {
    const [id] = String(secret).split('_secret_');
    const [path, name] = COLLECTIONS[id.split('_')[0]] || [];
    if (!path || id === secret) throw new Error('Expected a client secret of an intent.');
    return { id, path, name };
  };

  const openDialog = (title) => {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-label', title);
    Object.assign(dialog.style, {
      border: '0', padding: '0', margin: 'auto', borderRadius: '10px', width: 'min(26rem, calc(100vw - 2rem))', overflow: 'hidden',
      maxWidth: 'none', boxShadow: '0 12px 40px rgb(0 0 0 / .35)',
    });
    return dialog;
  };

  // Lets the payer choose an account in a dialog; none when they close it.
  const chooseAccount = (key, billing_details) =>
    new Promise((resolve) => {
      const dialog = openDialog('Choose your account');
      const end = (method) => {
        frame.remove();
        dialog.close();
        dialog.remove();
        resolve(method);
      };
      const frame = new Frame('bank.html', 'Choose your account', (message) => {
        if (message.type === 'chosen') end(message.method);
      }, '&kind=us_bank_account');
      frame.element.style.height = '360px';
      dialog.addEventListener('cancel', () => end(null));
      dialog.append(frame.element);
      document.body.append(dialog);
      dialog.showModal();
      frame.send({ type: 'choose', key, billing_details });
    });

  // Shows the bank's challenge in a dialog and gives the intent back as the bank left it.
  const challenge = (key, secret, intent) =>
    new Promise((resolve) => {
      const { id, path } = parse(secret);
      const dialog = openDialog('Confirm with your bank');
      const end = (result) => {
        frame.remove();
        dialog.close();
        dialog.remove();
        resolve(result);
      };
      const frame = new Frame('challenge.html', 'Confirm with your bank', (message) => {
        if (message.type === 'answered') end(message.result);
      });
      frame.element.style.height = '230px';
      dialog.addEventListener('cancel', async (event) => {
        event.preventDefault();
        end(await request(key, 'POST', `${path}/${id}/_authenticate`, { client_secret: secret, success: 'false' }));
      });
      dialog.append(frame.element);
      document.body.append(dialog);
      dialog.showModal();
      frame.send({ type: 'challenge', key, path, id, secret, amount: intent.amount, currency: intent.currency });
    });

  const finish = async (key, secret, answer, handleActions = true) => {
    const { name } = parse(secret);
    if (answer.error) return { error: answer.error };
    if (answer.status !== 'requires_action' || !handleActions) return { [name]: answer };
    const after = await challenge(key, secret, answer);
    if (after.error) return { error: after.error };
    const failure = after.last_payment_error || after.last_setup_error;
    return after.status === 'requires_payment_method' && failure ? { error: failure } : { [name]: after };
  };

  const retrieve = (key, secret) => {
    const { id, path } = parse(secret);
    return request(key, 'GET', `${path}/${id}`, { client_secret: secret });
  };

  const confirm = async (stripe, key, secret, data = {}, options = {}) => {
    const { id, path } = parse(secret);
    const fields = { client_secret: secret };
    const method = data.payment_method;
    if (typeof method === 'string') fields.payment_method = method;
    else if (method?.card || method?.sepa_debit) {
      const made = await stripe.createPaymentMethod(method);
      if (made.error) return made;
      fields.payment_method = made.paymentMethod.id;
    }
    const answer = await request(key, 'POST', `${path}/${id}/confirm`, fields);
    return finish(key, secret, answer, options.handleActions !== false);
  };

  window.Stripe = (key) => {
    const chosen = new Map();
    if (!/^pk_/.test(key)) throw new Error('Stripe() takes a publishable key, which begins with pk_.');
    const stripe = {
      elements: (settings = {}) => {
        let element = null;
        return {
          create: (type, options) => {
            if (!FRAMES[type]) throw new Error(`The sandbox has no element of type ${type}.`);
            element = new FieldElement(type, options, settings.appearance);
            return element;
          },
          getElement: () => element,
        };
      },
      createPaymentMethod: ({ card, sepa_debit: iban, billing_details }) => {
        const element = card || iban;
        return element?.frame
          ? element.frame.ask({ type: 'create', key, billing_details })
          : Promise.resolve({ error: problem('The fields are not on the page.', 'invalid_request_error') });
      },
      confirmCardPayment: (secret, data, options) => confirm(stripe, key, secret, data, options),
      confirmCardSetup: (secret, data, options) => confirm(stripe, key, secret, data, options),
      confirmSepaDebitSetup: (secret, data, options) => confirm(stripe, key, secret, data, options),
      // The chosen account is named at the confirmation; until then only this page knows it.
      collectBankAccountForSetup: async ({ clientSecret, params }) => {
        const method = await chooseAccount(key, params?.payment_method_data?.billing_details);
        const answer = await finish(key, clientSecret, await retrieve(key, clientSecret), false);
        if (answer.error || !method) return answer;
        chosen.set(clientSecret, method);
        return { setupIntent: { ...answer.setupIntent, status: 'requires_confirmation', payment_method: method } };
      },
      confirmUsBankAccountSetup: (secret) => confirm(stripe, key, secret, { payment_method: chosen.get(secret) }),
      handleCardAction: async (secret) => finish(key, secret, await retrieve(key, secret)),
      handleNextAction: async ({ clientSecret }) => finish(key, clientSecret, await retrieve(key, clientSecret)),
      retrievePaymentIntent: async (secret) => finish(key, secret, await retrieve(key, secret), false),
      retrieveSetupIntent: async (secret) => finish(key, secret, await retrieve(key, secret), false),
    };
    return stripe;
  };
  window.Stripe.version = 3;
})();
