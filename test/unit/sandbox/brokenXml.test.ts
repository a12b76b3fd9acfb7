import { breakXml, XML_SHAPES } from '../../../dev/sandbox/faults/brokenXml';

const xml =
	'<?xml version="1.0"?><UploadResult><OriginalInfo><Key>a</Key><Format/></OriginalInfo>' +
	'<ProcessResults><Object><Key>b</Key></Object></ProcessResults></UploadResult>';

const count = (text: string, part: string) => text.split(part).length - 1;

it('malformed: removes the last closing tag', () => {
	expect(`${breakXml(xml, 'malformed', 'Key')}</UploadResult>`).toBe(xml);
});

it('missing: removes an element everywhere, also an empty one', () => {
	expect(breakXml(xml, 'missing', 'Key')).toBe(xml.replace(/<Key>.<\/Key>/g, ''));
	expect(breakXml(xml, 'missing', 'Format')).toBe(xml.replace('<Format/>', ''));
	expect(breakXml(xml, 'missing', 'ProcessResults')).not.toContain('Object');
});

it('duplicated: repeats an element everywhere', () => {
	const doubled = breakXml(xml, 'duplicated', 'Key');
	expect(count(doubled, '<Key>a</Key><Key>a</Key>')).toBe(1);
	expect(count(doubled, '<Key>b</Key><Key>b</Key>')).toBe(1);
	expect(count(breakXml(xml, 'duplicated', 'Object'), '<Object><Key>b</Key></Object>')).toBe(2);
});

it('entities: adds an entity bomb of less than 2 kB', () => {
	const bomb = breakXml(xml, 'entities', 'Key');
	expect(bomb).toMatch(/^<\?xml version="1\.0"\?><!DOCTYPE UploadResult \[<!ENTITY/);
	expect(bomb).toContain('<Key>&level8;</Key>');
	expect(bomb.length).toBeLessThan(2000);
	const [, levels = ''] = /DOCTYPE UploadResult \[(.*)\]>/.exec(bomb) ?? [];
	expect(count(levels, '<!ENTITY')).toBe(9);
	expect(count(levels, '&level7;')).toBe(10);
});

it('deep: adds a million nested elements and stays well-formed', () => {
	const deep = breakXml(xml, 'deep', 'Key');
	expect(count(deep, '<Deep>')).toBe(1_000_000);
	expect(count(deep, '</Deep>')).toBe(1_000_000);
	expect(deep.replace(/<\/?Deep>/g, '')).toBe(xml);
});

it('huge: grows to more than 50 MB and stays well-formed', () => {
	const huge = breakXml(xml, 'huge', 'Key');
	expect(huge.length).toBeGreaterThan(50 * 1024 * 1024);
	expect(huge.replace(/<Padding>x*<\/Padding>/, '')).toBe(xml);
});

it.each(XML_SHAPES)('%s: changes the document', (shape) => {
	expect(breakXml(xml, shape, 'Key')).not.toBe(xml);
});
