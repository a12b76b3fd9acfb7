import { CREDENTIAL_TYPE } from '../../dev/packageNames';
import { openScene, type Scene } from './bucketAndEngine';

let scene: Scene;

beforeAll(async () => {
	scene = await openScene();
});
afterAll(async () => {
	await scene.close();
});

async function pressTest(changes: Record<string, string>) {
	return await scene.engine.testCredential(CREDENTIAL_TYPE, {
		...(scene.credential as Record<string, string>),
		...changes,
	});
}

test('Test succeeds with valid values', async () => {
	expect(await pressTest({})).toMatchObject({ status: 'OK' });
});

test('Test succeeds with spaces around pasted values', async () => {
	const { secretId, secretKey, bucket } = scene.sandbox;
	expect(
		await pressTest({
			secretId: ` ${secretId}`,
			secretKey: `${secretKey}\n`,
			bucket: ` ${bucket} `,
		}),
	).toMatchObject({ status: 'OK' });
});

test('Test reports each of these separately: wrong key, wrong secret, wrong clock and invalid values', async () => {
	const messages = [
		await pressTest({ secretId: 'AKIDwrong' }),
		await pressTest({ secretKey: 'wrong' }),
		await pressTest({ bucket: 'no-appid' }),
		await pressTest({ bucket: 'otherbucket-1250000000' }),
		await pressTest({ region: 'other', otherRegion: '' }),
		await pressTest({ customDomain: 'http://127.0.0.1:1' }),
		await (async () => {
			await scene.sandbox.setClock(-86_400);
			const off = await pressTest({});
			await scene.sandbox.setClock(86_400);
			const late = await pressTest({});
			await scene.sandbox.setClock(0);
			expect(late.message).toMatch(/clock/i);
			return off;
		})(),
	].map(({ status, message }) => {
		expect(status).toBe('Error');
		return message;
	});
	expect(messages[0]).toMatch(/^The Secret ID is not known\. Open the credential/);
	expect(messages[1]).toMatch(/^The Secret Key does not belong to the Secret ID\. /);
	expect(messages[2]).toMatch(/^Bucket in the credential "no-appid" is not a full bucket name\. /);
	expect(messages[3]).toMatch(/^The domain belongs to the bucket "examplebucket-1250000000"/);
	expect(messages[4]).toMatch(/^Region or Other Region in the credential is empty\. /);
	expect(messages[5]).toMatch(/^127\.0\.0\.1:1 does not accept connections\. /);
	expect(messages[6]).toMatch(/clock/i);
	expect(new Set(messages).size).toBe(messages.length);
	for (const message of messages) {
		expect(message).not.toContain(scene.sandbox.secretKey);
		expect(message).not.toMatch(/q-signature/);
	}
});
