import { operationText, readMogr } from '../../../dev/sandbox/basic/mogrOperations';
import { readThumbnail, scaledSize } from '../../../dev/sandbox/basic/thumbnail';
import { codeOf } from './codeOf';

const usual = { shape: undefined, strip: false, format: undefined, quality: 95 };

it('a chain is read operation by operation', () => {
	expect(
		readMogr('imageMogr2/cut/200x80x10x0|imageMogr2/thumbnail/64x64>/strip/format/bmp'),
	).toEqual([
		{ ...usual, shape: { kind: 'cut', width: 200, height: 80, left: 10, top: 0 } },
		{
			...usual,
			shape: { kind: 'fit', width: 64, height: 64, onlySmaller: true },
			strip: true,
			format: 'bmp',
		},
	]);
	expect(readMogr('imageMogr2/auto-orient|imageMogr2/format/jpg/')).toEqual([
		{ ...usual, shape: { kind: 'auto-orient' } },
		{ ...usual, format: 'jpeg' },
	]);
});

it.each([
	['quality/80', 80],
	['quality/99', 95],
	['quality/99!', 99],
	['quality/0', 1],
	['rquality/80', 76],
])('%s means %i for a source of quality 95', (text, quality) => {
	expect(readMogr(`imageMogr2/${text}`)).toEqual([{ ...usual, quality }]);
});

it('ten operations are accepted, eleven are not', () => {
	const chain = (count: number) => Array(count).fill('imageMogr2/strip').join('|');
	expect(readMogr(chain(10))).toHaveLength(10);
	expect(codeOf(() => readMogr(chain(11)))).toBe('InvalidArgument');
});

it.each([
	...['imageMogr2', 'imageMogr2/', 'imageMogr2//strip', 'imageMogr2/strip|', 'imageMogr2/spin/9'],
	...['imageMogr2/ignore-error/1', 'imageMogr2/thumbnail/9x9/ignore-error/1'],
	...['imageMogr2/strip|thumbnail/9x9', 'imagemogr2/strip', 'imageMogr2/Strip'],
	...['imageMogr2/strip/1', 'imageMogr2/strip/strip', 'imageMogr2/cut/9x9x0x0/thumbnail/9x9'],
	...['imageMogr2/cut', 'imageMogr2/cut/9x9', 'imageMogr2/cut/0x9x0x0', 'imageMogr2/cut/9x9x-1x0'],
	...['imageMogr2/cut/9.5x9x0x0', 'imageMogr2/cut/9x9x0x0x0', 'imageMogr2/cut/ 9x9x0x0'],
	...['imageMogr2/format', 'imageMogr2/format/jpeg', 'imageMogr2/format/constructor'],
	...['imageMogr2/quality/101', 'imageMogr2/quality/x', 'imageMogr2/rquality/9!'],
	...['imageMogr2/quality/9/rquality/9'],
	...[
		'',
		'x',
		'0x9',
		'9x0',
		'-9x9',
		'9.5x',
		'9x9?',
		'9x>',
		'x9!',
		'!0p',
		'!1001p',
		'!x9px',
		'!p',
	].map((geometry) => `imageMogr2/thumbnail/${geometry}`),
])('"%s" is refused', (text) => {
	expect(codeOf(() => readMogr(text))).toBe('InvalidArgument');
});

it.each([
	...['imageMogr2/crop/9x9', 'imageMogr2/strip|watermark/2/text/eA', 'imageView2/2/w/9'],
	...['imageMogr2/format/tiff', 'imageMogr2/format/avif', 'imageMogr2/rotate/90'],
	...['imageMogr2/thumbnail/9x9<', 'imageMogr2/thumbnail/!9x9r', 'imageMogr2/thumbnail/999@'],
	...['imageMogr2/format/jpg|imageMogr2/strip', 'imageMogr2/quality/9|imageMogr2/strip'],
])('"%s" is named as what only the sandbox does not have', (text) => {
	expect(codeOf(() => readMogr(text))).toBe('NotImplemented');
});

it('a request has one operation, whatever other parameters it has', () => {
	const query = (...names: string[]) => new Map(names.map((name) => [name, '']));
	expect(operationText(query('imageMogr2/strip', 'other'))).toBe('imageMogr2/strip');
	const two = query('imageMogr2/strip', 'imageMogr2/format/png');
	expect(codeOf(() => operationText(two))).toBe('InvalidArgument');
});

it.each([
	['64x64', 64, 40],
	['400x400', 400, 250],
	['64x64>', 64, 40],
	['400x400>', 160, 100],
	['400x50>', 80, 50],
	['80x', 80, 50],
	['x20', 32, 20],
	['33x7!', 33, 7],
	['!50p', 80, 50],
	['!50px', 80, 100],
	['!x25p', 160, 25],
	['!1000p', 1600, 1000],
	['1x1', 1, 1],
	['25x', 25, 16],
])('of 160x100 pixels, thumbnail/%s makes %ix%i', (text, width, height) => {
	expect(scaledSize(readThumbnail(text), { width: 160, height: 100 })).toEqual({ width, height });
});
