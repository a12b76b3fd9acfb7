import { parseImageInfo } from '../../../../cos/responses/imageInfo';
import { unreadable } from '../thrown';

describe('image information', () => {
	it('gives the size as numbers, though the service sends text', () => {
		expect(
			parseImageInfo(
				'{"format":"jpeg","width":"960","height":"540","size":"158421","md5":"x","photo_rgb":"0x736246"}',
			),
		).toStrictEqual({ size: { width: 960, height: 540 }, formatName: 'JPG', bytes: 158421 });
	});

	it('may be numbers already', () => {
		expect(parseImageInfo('{"width":1,"height":2,"format":7}')).toStrictEqual({
			size: { width: 1, height: 2 },
		});
	});

	it.each([
		['"12"', 12],
		['12', 12],
		['"0"', undefined],
		['"many"', undefined],
		['null', undefined],
	])('gives the number of frames that it tells: %s', (told, frames) => {
		const info = parseImageInfo(`{"width":"1","height":"2","format":"gif","frame_count":${told}}`);
		expect(info).toMatchObject({ formatName: 'GIF' });
		expect(info.frames).toBe(frames);
	});

	it('has no format where it names none that is known', () => {
		for (const format of ['', 'svg', 'constructor', 'a.png.exe']) {
			const info = parseImageInfo(JSON.stringify({ width: 1, height: 2, format }));
			expect(info).toStrictEqual({ size: { width: 1, height: 2 } });
		}
	});

	it.each([
		['', 'JSON'],
		['<xml/>', 'JSON'],
		['[]', 'width'],
		['null', 'width'],
		['"960x540"', 'width'],
		['{}', 'width'],
		['{"width":"960"}', 'height'],
		['{"height":"540"}', 'width'],
		['{"width":"0","height":"540"}', 'width'],
		['{"width":"960","height":"0"}', 'height'],
		['{"width":"-1","height":"540"}', 'width'],
		['{"width":"wide","height":"540"}', 'width'],
		['{"width":"960","height":""}', 'height'],
		['{"width":"1e999","height":"540"}', 'width'],
		['{"width":{"toString":false},"height":"540"}', 'width'],
		['{"width":["960"],"height":true}', 'width'],
		['{"width":"960","height":true}', 'height'],
		['{"__proto__":{"width":1,"height":1}}', 'width'],
	])('is refused when it is %j: %s', (json, part) => {
		expect(unreadable(() => parseImageInfo(json))).toMatchObject({
			name: 'UnreadableResponse',
			message: part,
			part,
		});
	});
});
