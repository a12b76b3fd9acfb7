'use strict';

const { takeCoverage } = require('node:v8');

// Jest gives a worker half a second to end, and Node often needs longer to write down what has been
// counted. So every test file leaves its counts when it is done.
afterAll(() => takeCoverage());
