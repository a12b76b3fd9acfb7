import { EntityDecoder } from '@nodable/entities';
import { XMLParser } from 'fast-xml-parser';

import { isRecord, unlessThrown } from '../values';

/** A response that is not what the specification says. */
export class UnreadableResponse extends Error {
	/** @param part what is missing or malformed, such as `XML`, `UploadResult` or `Key` */
	constructor(readonly part: string) {
		super(part);
		this.name = 'UnreadableResponse';
	}
}

export type XmlNode = Record<string, unknown>;

// XML's own five names and character references. One decoder for all responses: making it costs as
// much as reading one.
const entityDecoder = new EntityDecoder();

// Everything stays text until a field is known to be a number: keys may be digits only, begin with
// zeros or begin with spaces. A response needs no document type, so none is read (entity bombs).
const parser = new XMLParser({
	ignoreAttributes: true,
	ignoreDeclaration: true,
	ignorePiTags: true,
	parseTagValue: false,
	trimValues: false,
	processEntities: true,
	entityDecoder,
});

const DOCUMENT_TYPE = /<!DOCTYPE/i;

/** @throws UnreadableResponse unless the text is well-formed XML without a document type */
export function parseXml(xml: string): XmlNode {
	// The parser looks at every character: what is only padded, or was cut off, would keep it for seconds.
	const document = xml.trimEnd();
	if (!document.endsWith('>') || DOCUMENT_TYPE.test(document)) throw new UnreadableResponse('XML');
	// An earlier response may have declared another version.
	entityDecoder.setXmlVersion(1.0);
	const root = unlessThrown(() => parser.parse(document, true) as XmlNode);
	if (!root) throw new UnreadableResponse('XML');
	return root;
}

export function child(node: XmlNode, name: string): XmlNode | undefined {
	const value = Object.hasOwn(node, name) ? node[name] : undefined;
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return isRecord(first) ? first : undefined;
}

export function children(node: XmlNode, name: string): XmlNode[] {
	const value = Object.hasOwn(node, name) ? node[name] : undefined;
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return list.filter(isRecord);
}

/** An empty node counts as absent: the service writes `<Format/>` for "not known". */
export function text(node: XmlNode, name: string): string | undefined {
	const value = Object.hasOwn(node, name) ? node[name] : undefined;
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return typeof first === 'string' && first !== '' ? first : undefined;
}

/** @throws UnreadableResponse when the node is absent or empty */
export function requiredText(node: XmlNode, name: string): string {
	const value = text(node, name);
	if (value === undefined) throw new UnreadableResponse(name);
	return value;
}

const NUMBER = /^\s*\d+(?:\.\d+)?\s*$/;

export function number(node: XmlNode, name: string): number | undefined {
	const value = text(node, name);
	const count = value !== undefined && NUMBER.test(value) ? Number(value) : NaN;
	// So many digits that they overflow are no number.
	return Number.isFinite(count) ? count : undefined;
}

/** Without the quotes it is sent in. */
export function withoutQuotes(etag: string | undefined): string | undefined {
	return etag?.trim().replace(/^"(.*)"$/, '$1');
}
