/** All that this folder offers (README.md). */
export { checkInside, maskPolyText } from './areas/polygons';
export {
	COORDINATES,
	ORIGINS,
	placeShape,
	placeShapes,
	readShapes,
	shapesNeedSize,
	type Coordinates,
	type Origin,
	type Shape,
	type ShapeReading,
	type Shapes,
} from './areas/shapes';
export { growArea, growthNeedsSize, type Growth } from './areas/growth';
export { coveredShare } from './areas/coverage';
export { maskFault, type MaskFault } from './areas/maskPixels';
export type { ImageSize, Point, Polygon } from './areas/points';
export {
	CORNERS,
	UNITS,
	checkRectangles,
	needImageSize,
	rectanglesToPolygons,
	type Corner,
	type Rectangle,
	type Rectangles,
	type Unit,
} from './areas/rectangles';
export { copyForDetector, detectorCopyOperation } from './detections/copy';
export { detectedAreas, type DetectedArea } from './detections/detectedArea';
export {
	checkWanted,
	isWanted,
	regionNeedsSize,
	selectDetections,
	type LabelFilter,
	type Search,
	type SearchRegion,
	type Wanted,
} from './detections/search';
export {
	InvalidInput,
	type InputField,
	type InvalidReason,
	type InvalidReasons,
} from './invalidInput';
export { MAX_KEY_BYTES, MAX_RESULTS, MAX_SOURCE_BYTES, MAX_SOURCE_SIDE } from './limits';
export { bucketName, type BucketName } from './location/bucket';
export {
	ENDPOINTS,
	keyOfUrl,
	locateBucket,
	neighbourOf,
	publicLocation,
	requestUrl,
	type BucketLocation,
	type BucketPlace,
	type EndpointKind,
} from './location/endpoint';
export { checkPath, enteredKey, isAddress, maskFolder } from './location/enteredKey';
export { imageUrl, type ImageUrl } from './location/imageUrl';
export {
	compareKeys,
	keyPrefix,
	keyToPath,
	objectKey,
	type KeyField,
	type ObjectKey,
} from './location/objectKey';
export { REGIONS, storingCallsPerSecond, type Region } from './location/regions';
export {
	checkResults,
	keyOfFileid,
	mapResults,
	resultKey,
	sourceAsResult,
	type ForResult,
	type ResultKey,
	type Results,
} from './location/resultKey';
export {
	LANGUAGES,
	logoRequest,
	textRequest,
	type DetectorImage,
	type Language,
} from './requests/detection';
export {
	downloadRequest,
	inBucketRequest,
	picOperations,
	publicImageRequest,
	uploadRequest,
	type Repair,
	type RepairArea,
	type RepairResult,
} from './requests/imageRepair';
export { listRequest, probeRequest, type ListRange } from './requests/list';
export {
	bitmapRequest,
	deleteRequest,
	getRequest,
	headRequest,
	imageInfoRequest,
	putRequest,
	type StoringOptions,
} from './requests/object';
export type { Body, CosRequest } from './requests/request';
export {
	OBJECT_ACLS,
	settingHeaders,
	STORAGE_CLASSES,
	type Encryption,
	type NamedText,
	type ObjectAcl,
	type SettingHeaders,
	type StorageClass,
	type UploadSettings,
} from './requests/uploadSettings';
export { secretsOfRequest } from './requests/sentSecrets';
export { assignResults, type AskedPlace, type AssignedResult } from './responses/assignResults';
export {
	CLASS_OF_CODE,
	classify,
	classInBetween,
	retryOf,
	type FailureClass,
	type Retry,
} from './responses/codes';
export {
	errNoOf,
	isOfService,
	parseErrorBody,
	readFailure,
	type CosFailure,
} from './responses/failure';
export { parseLogos, parseTexts, type Detection } from './responses/detections';
export { readHead, type ObjectHead } from './responses/head';
export { contentLength, dateOf, header, type ResponseHeaders } from './responses/headers';
export { readBitmap, type Bitmap } from './images/bitmap';
export { kindOfFile, type FileKind } from './images/fileKind';
export { limitBroken, type KnownImage, type LimitBroken } from './images/limits';
export {
	formatOfBytes,
	formatOfFileName,
	formatOfMimeType,
	REPAIRABLE_FORMATS,
	withExtensionOf,
	type ImageFormat,
} from './images/format';
export { ImageReader, readImage, type ImageEnd, type ImageFacts } from './images/readImage';
export { parseImageInfo } from './responses/imageInfo';
export {
	parseListBucketResult,
	storedAt,
	type ListBucketResult,
	type ListedObject,
} from './responses/list';
export { holdsSecret, withoutSecrets } from './responses/secrets';
export {
	parseUploadResult,
	type ImageInformation,
	type ProcessedObject,
	type UploadResult,
} from './responses/uploadResult';
export { UnreadableResponse } from './responses/xml';
export {
	authorize,
	createAccount,
	ForeignHost,
	presign,
	type Account,
	type OutgoingRequest,
} from './signing/authorize';
export { encodeQuery, percentEncode, urlSafeBase64, type Parameters } from './signing/encoding';
export {
	authorizationHeader,
	keyTimeAt,
	presignedQuery,
	signatureSteps,
	type CosKeys,
	type KeyTime,
	type SignableRequest,
	type SignatureSteps,
} from './signing/signature';
