/** The ways to break a valid XML document. */
export const XML_SHAPES = [
	'malformed',
	'huge',
	'entities',
	'deep',
	'duplicated',
	'missing',
] as const;

export type XmlShape = (typeof XML_SHAPES)[number];

const HUGE_BYTES = 50 * 1024 * 1024;
const DEPTH = 1_000_000;

/** A "billion laughs" entity bomb: expands to a billion words from less than a kilobyte. */
function entityBomb(): string {
	const levels = Array.from({ length: 9 }, (_, level) => {
		const content = level === 0 ? 'bomb' : `&level${level - 1};`;
		return `<!ENTITY level${level} "${content.repeat(10)}">`;
	});
	return `<!DOCTYPE UploadResult [${levels.join('')}]>`;
}

const elements = (node: string) => new RegExp(`<${node}(?:/>|>.*?</${node}>)`, 'gs');

const beforeTheEnd = (xml: string, text: string) => {
	const end = xml.lastIndexOf('</');
	return xml.slice(0, end) + text + xml.slice(end);
};

/**
 * Breaks an XML document.
 * @param node the element to duplicate, remove or fill with entities, wherever it occurs
 */
export function breakXml(xml: string, shape: XmlShape, node: string): string {
	switch (shape) {
		case 'malformed':
			return xml.slice(0, xml.lastIndexOf('</'));
		case 'huge':
			return beforeTheEnd(xml, `<Padding>${'x'.repeat(HUGE_BYTES)}</Padding>`);
		case 'entities':
			return xml
				.replace(/^(<\?xml.*?\?>)?/, (declaration) => declaration + entityBomb())
				.replace(elements(node), `<${node}>&level8;</${node}>`);
		case 'deep':
			return beforeTheEnd(xml, '<Deep>'.repeat(DEPTH) + '</Deep>'.repeat(DEPTH));
		case 'duplicated':
			return xml.replace(elements(node), (element) => element + element);
		case 'missing':
			return xml.replace(elements(node), '');
	}
}
