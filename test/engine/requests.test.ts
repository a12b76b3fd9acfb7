import { COMMON_SETTINGS } from '../../dev/bench/commonSettings';
import {
	COUNTS,
	describeRequests,
	openRequestCounter,
	type RequestCounter,
	type Requests,
} from '../../dev/bench/requests';

/**
 * What the node sends for one image and for ten, by setting: each request costs time, and some cost money.
 * `npm run bench -- --only k` prints the same as a table.
 */

const GOLDEN: Readonly<Record<string, readonly [one: string, ten: string]>> = {
	'Download: Automatic': ['1: 1 GET repair-download', '10: 10 GET repair-download'],
	'Download: Rectangles in pixels': [
		'2: 1 GET image-info, 1 GET repair-download',
		'20: 10 GET image-info, 10 GET repair-download',
	],
	'Download: Rectangles in pixels, Check Area First off': [
		'1: 1 GET repair-download',
		'10: 10 GET repair-download',
	],
	'Download: Rectangles in percent': [
		'2: 1 GET image-info, 1 GET repair-download',
		'20: 10 GET image-info, 10 GET repair-download',
	],
	'Download: Found Text': [
		'3: 1 GET image-info, 1 GET detect-text, 1 GET repair-download',
		'30: 10 GET image-info, 10 GET detect-text, 10 GET repair-download',
	],
	'Download: Mask in the Bucket': [
		'4: 2 GET image-info, 1 GET image-mogr, 1 GET repair-download',
		'22: 11 GET image-info, 1 GET image-mogr, 10 GET repair-download',
	],
	'Download: Mask from a Binary Field': [
		'5: 1 GET image-info, 1 PUT put, 1 GET image-mogr, 1 GET repair-download, 1 DELETE delete',
		'50: 10 GET image-info, 10 PUT put, 10 GET image-mogr, 10 GET repair-download, 10 DELETE delete',
	],
	'Download: Dry Run': ['1: 1 GET image-info', '10: 10 GET image-info'],
	'In Bucket: Automatic': ['1: 1 POST repair-cloud', '10: 10 POST repair-cloud'],
	'In Bucket: Rectangles in percent': [
		'2: 1 GET image-info, 1 POST repair-cloud',
		'20: 10 GET image-info, 10 POST repair-cloud',
	],
	'In Bucket: Rectangles in percent, items of one image': [
		'2: 1 GET image-info, 1 POST repair-cloud',
		'11: 1 GET image-info, 10 POST repair-cloud',
	],
	'In Bucket: Also Download the Result': [
		'2: 1 POST repair-cloud, 1 GET get',
		'20: 10 POST repair-cloud, 10 GET get',
	],
	'In Bucket: three results': [
		'2: 1 GET image-info, 1 POST repair-cloud',
		'20: 10 GET image-info, 10 POST repair-cloud',
	],
	'In Bucket: Skip Existing Results, first run': [
		'5: 3 HEAD head, 1 GET image-info, 1 POST repair-cloud',
		'50: 30 HEAD head, 10 GET image-info, 10 POST repair-cloud',
	],
	'In Bucket: Skip Existing Results, next run': ['2: 2 HEAD head', '20: 20 HEAD head'],
	'In Bucket: Found Text': [
		'3: 1 GET image-info, 1 GET detect-text, 1 POST repair-cloud',
		'30: 10 GET image-info, 10 GET detect-text, 10 POST repair-cloud',
	],
	'In Bucket: Dry Run': ['1: 1 GET image-info', '10: 10 GET image-info'],
	'Upload: Automatic': ['1: 1 PUT repair-upload', '10: 10 PUT repair-upload'],
	'Upload: Rectangles in percent': ['1: 1 PUT repair-upload', '10: 10 PUT repair-upload'],
	'Upload: Also Download the Result': [
		'2: 1 PUT repair-upload, 1 GET get',
		'20: 10 PUT repair-upload, 10 GET get',
	],
	'Upload: Add a Number, key free': [
		'2: 1 HEAD head, 1 PUT repair-upload',
		'20: 10 HEAD head, 10 PUT repair-upload',
	],
	'Upload: Add a Number, key of another image': [
		'3: 2 HEAD head, 1 PUT repair-upload',
		'30: 20 HEAD head, 10 PUT repair-upload',
	],
	'Upload: Skip Existing Results, first run': [
		'4: 3 HEAD head, 1 PUT repair-upload',
		'40: 30 HEAD head, 10 PUT repair-upload',
	],
	'Upload: Skip Existing Results, next run': ['2: 2 HEAD head', '20: 20 HEAD head'],
	'Upload: Mask from a Binary Field': [
		'4: 1 PUT put, 1 GET image-mogr, 1 PUT repair-upload, 1 DELETE delete',
		'40: 10 PUT put, 10 GET image-mogr, 10 PUT repair-upload, 10 DELETE delete',
	],
	'Upload: Found Text': [
		'4: 1 PUT put, 1 GET detect-text, 1 PUT repair-upload, 1 DELETE delete',
		'40: 10 PUT put, 10 GET detect-text, 10 PUT repair-upload, 10 DELETE delete',
	],
	'Upload: Dry Run': ['none', 'none'],
};

let counter: RequestCounter;
beforeAll(async () => {
	counter = await openRequestCounter();
});
afterAll(async () => {
	await counter.close();
});

test('the table is about the settings of the bench', () => {
	expect(Object.keys(GOLDEN)).toEqual(COMMON_SETTINGS.map(({ name }) => name));
});

test.each(COMMON_SETTINGS.map((setting) => [setting.name, setting] as const))(
	'%s: so many requests are sent, and nothing is asked for twice',
	async (name, setting) => {
		const runs: Requests[] = [];
		for (const items of COUNTS) runs.push(await counter.count(setting, items));
		expect(runs.map(describeRequests)).toEqual(GOLDEN[name]);
		expect(runs.map(({ doubles }) => doubles.length)).toEqual([0, 0]);
	},
);
