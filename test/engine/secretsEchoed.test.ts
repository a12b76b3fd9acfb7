import { testSecrets } from './secretsChecks';

/** Some gateways respond with the request that they received, including its signature. */
describe('after responses that contain the request', () => {
	testSecrets('echoes', { faulty: 40, items: 20, thrown: 10, presigned: 0 });
});
