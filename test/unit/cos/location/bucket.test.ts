import { bucketName, checkRegion } from '../../../../cos/location/bucket';
import { locateBucket } from '../../../../cos/location/endpoint';
import { REGIONS } from '../../../../cos/location/regions';
import { invalidInput } from '../thrown';
import { place } from './examples';

describe('a bucket name', () => {
	it.each(['examplebucket-1250000000', 'a-1', '0-0', 'a-b--c-12', '1-2-3'])('may be %s', (name) => {
		expect(bucketName(name)).toBe(name);
		expect(locateBucket({ ...place, bucket: name }).bucket).toBe(name);
	});

	it.each([
		'examplebucket',
		'examplebucket-',
		'-1250000000',
		'ExampleBucket-1250000000',
		'example_bucket-1250000000',
		'example.bucket-1250000000',
		'examplebucket-125000000x',
		' examplebucket-1250000000',
		'examplebucket-1250000000\n',
		'examplebucket-1250000000.evil.com/',
		'a/b-1',
		'桶-1250000000',
	])('may not be %j', (name) => {
		for (const call of [() => bucketName(name), () => locateBucket({ ...place, bucket: name })]) {
			expect(invalidInput(call)).toMatchObject({
				field: 'bucket',
				reason: 'bucket.malformed',
				what: `"${name}" is not a full bucket name`,
				advice: expect.stringContaining('examplebucket-1250000000') as string,
			});
		}
	});

	it('may not be empty', () => {
		expect(invalidInput(() => bucketName('', 'destinationBucket'))).toMatchObject({
			name: 'InvalidInput',
			message: 'destinationBucket: bucket.empty',
			field: 'destinationBucket',
			reason: 'bucket.empty',
			what: 'is empty',
		});
		expect(invalidInput(() => bucketName(''))).toMatchObject({
			field: 'bucket',
			reason: 'bucket.empty',
		});
	});

	it('may not lack the APPID in another bucket either', () => {
		expect(invalidInput(() => bucketName('results', 'destinationBucket'))).toMatchObject({
			field: 'destinationBucket',
			reason: 'bucket.malformed',
			what: '"results" is not a full bucket name',
		});
	});
});

describe('a region', () => {
	const documented =
		'ap-beijing-1, ap-beijing, ap-nanjing, ap-shanghai, ap-guangzhou, ap-chengdu, ap-chongqing, ap-shenzhen-fsi, ap-shanghai-fsi, ap-beijing-fsi, ap-hongkong, ap-singapore, ap-mumbai, ap-jakarta, ap-seoul, ap-bangkok, ap-tokyo, na-siliconvalley, na-ashburn, na-toronto, sa-saopaulo, eu-frankfurt, eu-moscow';

	it('is listed once if it is documented', () => {
		expect(REGIONS.map(({ id }) => id).sort()).toEqual(documented.split(', ').sort());
	});

	it('has the name of a place', () => {
		const places = REGIONS.map(({ place: name }) => name);
		expect(new Set(places).size).toBe(places.length);
		expect(places.every((name) => /^\p{Lu}/u.test(name))).toBe(true);
	});

	it.each([...REGIONS.map(({ id }) => id), 'me-saudi-arabia-2', 'accelerate'])(
		'may be %s',
		(id) => {
			expect(() => {
				checkRegion(id);
			}).not.toThrow();
			expect(locateBucket({ ...place, region: id }).region).toBe(id);
		},
	);

	it.each([
		'Guangzhou',
		'ap guangzhou',
		'ap_guangzhou',
		'ap-',
		'-ap',
		'ap--x',
		'ap.x',
		'ap/x',
		'ap\n',
	])('may not be %j', (id) => {
		for (const call of [
			() => {
				checkRegion(id);
			},
			() => locateBucket({ ...place, region: id }),
		]) {
			expect(invalidInput(call)).toMatchObject({
				field: 'region',
				reason: 'region.malformed',
				what: `"${id}" is not a region name`,
				advice: expect.stringContaining('ap-guangzhou') as string,
			});
		}
	});

	it('may not be empty', () => {
		expect(
			invalidInput(() => {
				checkRegion('');
			}),
		).toMatchObject({ field: 'region', reason: 'region.empty', what: 'is empty' });
	});
});
