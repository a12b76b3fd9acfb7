import { isMogr } from '../basic/mogrOperations';
import type { Exchange } from '../http/exchange';
import type { CallKind } from '../ledger/calls';
import { LOGO_PARAMETERS, OCR_PARAMETERS } from '../detect/detectionParameters';
import { imageInfo, imageMogr } from './basicProcessing';
import { detectLogo, detectText } from './detections';
import { headBucket, listObjects } from './listing';
import {
	copyObject,
	deleteObject,
	getObject,
	headObject,
	putObject,
	RESPONSE_OVERRIDES,
} from './objects';
import { repairDownload, repairStored, repairUpload } from './repairs';
import type { Services } from './services';

/** One operation a request can ask the bucket for. */
export interface Operation {
	readonly kind: CallKind;
	/** the query parameters it accepts */
	readonly parameters: readonly string[];
	readonly run: (exchange: Exchange, services: Services) => Promise<void> | void;
}

const OBJECT_PARAMETERS = RESPONSE_OVERRIDES.map((name) => `response-${name}`);
const REPAIR_PARAMETERS = ['ci-process', 'MaskPic', 'MaskPoly', 'detect-url'];
const LIST_PARAMETERS = ['prefix', 'marker', 'delimiter', 'max-keys', 'encoding-type'];

const OPERATIONS = {
	get: { kind: 'get', parameters: [...OBJECT_PARAMETERS, 'versionId'], run: getObject },
	head: { kind: 'head', parameters: [...OBJECT_PARAMETERS, 'versionId'], run: headObject },
	put: { kind: 'put', parameters: [], run: putObject },
	copy: { kind: 'copy', parameters: [], run: copyObject },
	delete: { kind: 'delete', parameters: ['versionId'], run: deleteObject },
	list: { kind: 'list', parameters: LIST_PARAMETERS, run: listObjects },
	headBucket: { kind: 'head-bucket', parameters: [], run: headBucket },
	imageInfo: { kind: 'image-info', parameters: ['imageInfo'], run: imageInfo },
	// Its only parameter is a name that says what to do.
	imageMogr: { kind: 'image-mogr', parameters: [], run: imageMogr },
	repairDownload: { kind: 'repair-download', parameters: REPAIR_PARAMETERS, run: repairDownload },
	repairUpload: { kind: 'repair-upload', parameters: [], run: repairUpload },
	detectText: { kind: 'detect-text', parameters: OCR_PARAMETERS, run: detectText },
	detectLogo: { kind: 'detect-logo', parameters: LOGO_PARAMETERS, run: detectLogo },
	repairCloud: { kind: 'repair-cloud', parameters: ['image_process'], run: repairStored },
} satisfies Record<string, Operation>;

/** What CI does to an image that is downloaded, by the value of `ci-process`. */
const PROCESSES: ReadonlyMap<string, Operation> = new Map<string, Operation>([
	['ImageRepair', OPERATIONS.repairDownload],
	['OCR', OPERATIONS.detectText],
	['RecognizeLogo', OPERATIONS.detectLogo],
]);

/** Whether the sandbox knows a value of `ci-process`. */
export const isProcess = (name: string) => PROCESSES.has(name);

/**
 * Finds the operation for a method, a key and the query parameter or header that selects it.
 * Undefined if there is none.
 */
export function findOperation(request: {
	readonly method: string;
	readonly key: string;
	readonly query: ReadonlyMap<string, string>;
	readonly hasPicOperations: boolean;
	readonly hasCopySource: boolean;
}): Operation | undefined {
	const { method, key, query, hasPicOperations, hasCopySource } = request;
	switch (method) {
		case 'GET':
			if (query.has('ci-process')) {
				// One that is not known is refused for its name, whatever else is wrong with it.
				return PROCESSES.get(query.get('ci-process') ?? '') ?? OPERATIONS.repairDownload;
			}
			if (key === '') return OPERATIONS.list;
			if ([...query.keys()].some(isMogr)) return OPERATIONS.imageMogr;
			return query.has('imageInfo') ? OPERATIONS.imageInfo : OPERATIONS.get;
		case 'HEAD':
			return key === '' ? OPERATIONS.headBucket : OPERATIONS.head;
		case 'PUT':
			if (key === '') return undefined;
			if (hasCopySource) return OPERATIONS.copy;
			return hasPicOperations ? OPERATIONS.repairUpload : OPERATIONS.put;
		case 'POST':
			return key !== '' && query.has('image_process') ? OPERATIONS.repairCloud : undefined;
		case 'DELETE':
			return key === '' ? undefined : OPERATIONS.delete;
		default:
			return undefined;
	}
}
