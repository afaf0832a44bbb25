// Runs stripe-stateful-mock on loopback for the tests of the gateway adapter: stateful_mock.js FOLDER PORT
//
// Its own command listens on every interface. It ends when standard input does, so it cannot outlive the test.
'use strict';

const [folder, port] = process.argv.slice(2);
const { createExpressApp } = require(`${folder}/node_modules/stripe-stateful-mock`);

process.stdin.resume();
process.stdin.on('end', () => process.exit());
createExpressApp().listen(Number(port), '127.0.0.1');
