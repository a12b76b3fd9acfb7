import { spoilXml, XML_SHAPES } from '../../../dev/sandbox/faults/brokenXml';

const xml =
	'<?xml version="1.0"?><UploadResult><OriginalInfo><Key>a</Key><Format/></OriginalInfo>' +
	'<ProcessResults><Object><Key>b</Key></Object></ProcessResults></UploadResult>';

const count = (text: string, what: string) => text.split(what).length - 1;

it('malformed: the last closing tag is missing', () => {
	expect(`${spoilXml(xml, 'malformed', 'Key')}</UploadResult>`).toBe(xml);
});

it('missing: an element is left out everywhere, and so is an empty one', () => {
	expect(spoilXml(xml, 'missing', 'Key')).toBe(xml.replace(/<Key>.<\/Key>/g, ''));
	expect(spoilXml(xml, 'missing', 'Format')).toBe(xml.replace('<Format/>', ''));
	expect(spoilXml(xml, 'missing', 'ProcessResults')).not.toContain('Object');
});

it('duplicated: an element comes twice everywhere', () => {
	const doubled = spoilXml(xml, 'duplicated', 'Key');
	expect(count(doubled, '<Key>a</Key><Key>a</Key>')).toBe(1);
	expect(count(doubled, '<Key>b</Key><Key>b</Key>')).toBe(1);
	expect(count(spoilXml(xml, 'duplicated', 'Object'), '<Object><Key>b</Key></Object>')).toBe(2);
});

it('entities: a few hundred bytes stand for gigabytes', () => {
	const bomb = spoilXml(xml, 'entities', 'Key');
	expect(bomb).toMatch(/^<\?xml version="1\.0"\?><!DOCTYPE UploadResult \[<!ENTITY/);
	expect(bomb).toContain('<Key>&level8;</Key>');
	expect(bomb.length).toBeLessThan(2000);
	const [, levels = ''] = /DOCTYPE UploadResult \[(.*)\]>/.exec(bomb) ?? [];
	expect(count(levels, '<!ENTITY')).toBe(9);
	expect(count(levels, '&level7;')).toBe(10);
});

it('deep: a million elements one in another, still well-formed', () => {
	const deep = spoilXml(xml, 'deep', 'Key');
	expect(count(deep, '<Deep>')).toBe(1_000_000);
	expect(count(deep, '</Deep>')).toBe(1_000_000);
	expect(deep.replace(/<\/?Deep>/g, '')).toBe(xml);
});

it('huge: more than 50 MB, still well-formed', () => {
	const huge = spoilXml(xml, 'huge', 'Key');
	expect(huge.length).toBeGreaterThan(50 * 1024 * 1024);
	expect(huge.replace(/<Padding>x*<\/Padding>/, '')).toBe(xml);
});

it.each(XML_SHAPES)('%s: the document is another than before', (shape) => {
	expect(spoilXml(xml, shape, 'Key')).not.toBe(xml);
});
