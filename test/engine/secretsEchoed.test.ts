import { testSecrets } from './secretsChecks';

/** Some gateways answer with what they were sent, signature first. */
describe('when a gateway repeats the request in its answer', () => {
	testSecrets('echoes', { faulty: 40, items: 20, thrown: 10, presigned: 0 });
});
