/**
 * Every sentence that the nodes and the credential can show, as data: reason → message and advice.
 * `<name>` stands for a value. docs/troubleshooting.md is printed from it (`npm run docs`). Those for what
 * somebody entered are in inputMessages.ts.
 */
import type { FailureClass } from '../../cos/responses/codes';
import type { NoValues } from '../../cos/values';
import type { Message } from './inputMessages';

export * from './inputMessages';

/** Of node and trigger alike: the node panel lists both as one entry, with the description of the trigger. */
export const DESCRIPTION =
	'Removes logos and watermarks from your own or licensed images in Tencent COS, on request or when new ones arrive';

/** What Dry Run says of an image that is sent although it may be refused, or come back changed. */
export const WARNING = {
	formatUnsettled:
		'No documentation of the service says that it repairs <format> images: it may refuse this one.',
	largeArea:
		'The area covers <percent> percent of the image, and all of that is painted over. If that is too much, check the numbers of the area.',
	animated: 'This is an animation of <frames> frames, of which one comes back.',
} as const;

const CHECK_IMAGE = 'Open the image to check that it is whole, then try again.';
const TRY_LATER = 'Nothing has to be changed. Try again in a few minutes.';
const SLOW_DOWN =
	'In a repair node, enter a smaller Max Concurrency under Options, or a smaller number at Requests per Second. The service counts the requests of all nodes and programs that use the bucket.';
const SET_CLOCK =
	'Set the clock of the machine that runs n8n (it should follow a time server), then try again.';
const SET_UP =
	'In the console of Cloud Infinite, bind this bucket, switch "AI content recognition" on for it, and authorize the service role CI_QCSRole when the console asks for it.';
const PERMISSIONS =
	'Give the account the permissions of the chosen mode: cos:GetObject for Download Repaired Image, cos:PutObject for Upload and Repair Image, both for Repair Image in Bucket, and ci:CreateImageRepairJob for all three. Besides: cos:HeadObject for Skip Existing Results, Overwrite Original and If the Key Exists, and cos:GetBucket for From List, Get Many Images and the trigger.';
const BUCKET_ADDRESS = 'Check Bucket, Region, Endpoint and Custom Domain in the credential.';
const LIFT_BLOCK = 'If the block is unjustified, ask the support of Tencent Cloud to lift it.';
const APPEAL = `The console of Cloud Infinite shows why. ${LIFT_BLOCK}`;
const PROXY_ADMINISTRATOR =
	'Check Endpoint and Custom Domain in the credential. If n8n uses a proxy, ask its administrator to allow this host and port 443.';

/** What a refusal of the service means. */
export const FAILURE = {
	otherRegion: {
		message: 'The bucket is in another region',
		advice: 'Open the credential and choose the region that the console shows beside the bucket.',
	},
	sourceOverLimit: {
		message: 'The image is larger than 32 MB, so the service does not process it',
		advice:
			'Store a smaller copy and repair that: up to 32 MB, and up to 50,000 pixels a side. If the image is smaller, something between n8n and the bucket redirects requests: check Endpoint and Custom Domain in the credential.',
	},
	invalidValue: {
		message: 'The service did not accept a value',
		advice: 'Most often it is the area: check that it lies inside the image.',
	},
	invalidOperations: {
		message: 'The service did not accept the parameters of the repair',
		advice:
			'Check the area: that it lies inside the image, and that the mask is an image that can be opened. Check Result Key for unusual characters.',
	},
	tooManyResults: {
		message: 'One call cannot make that many results',
		advice: 'Use five results at most, and a second Tencent Image Repair node for the others.',
	},
	invalidBucketName: {
		message: 'The bucket name is not valid',
		advice:
			'Open the credential and enter the bucket as name-APPID. For example: examplebucket-1250000000.',
	},
	invalidRegion: {
		message: 'The region is not valid',
		advice:
			'Open the credential and choose the region from the list, or enter its short name under Other Region. For example: ap-guangzhou.',
	},
	invalidAppId: {
		message: 'The APPID is not valid',
		advice:
			'Check the digits at the end of the bucket name in the credential: they are the APPID of the account that owns the bucket.',
	},
	invalidHost: {
		message: 'The service does not know the host that the request was sent to',
		advice: BUCKET_ADDRESS,
	},
	invalidDomain: {
		message: 'The custom domain is not bound to the bucket',
		advice:
			'In the console, bind the domain to the bucket and wait until it is enabled, or choose Default as Endpoint in the credential.',
	},
	unlicensedDomain: {
		message: 'The custom domain has no ICP license',
		advice:
			'In mainland China a domain needs an ICP license. Until it has one, choose Default as Endpoint in the credential.',
	},
	accelerationOff: {
		message: 'Global acceleration is not enabled for the bucket',
		advice: 'Enable it in the console, or choose Default as Endpoint in the credential.',
	},
	notByAcceleration: {
		message: 'Global acceleration does not support this request',
		advice: 'Choose Default as Endpoint in the credential.',
	},
	noCloudInfinite: {
		message: 'Cloud Infinite is not available in the region of the bucket',
		advice:
			'Use a bucket in a region that has Cloud Infinite: its documentation lists them under "Regions and Domains".',
	},
	tooLarge: {
		message: 'The image is too large',
		advice:
			'The service takes images of up to 32 MB, up to 50,000 pixels a side and up to 250 million pixels. Make the image smaller first.',
	},
	sidesTooLong: {
		message: 'A side of the image is longer than 9,999 pixels',
		advice:
			'Make the image smaller first, so that width and height are at most 9,999 pixels: for this image the service keeps to the older limit.',
	},
	tooManyPixels: {
		message: 'The image has too many pixels or frames',
		advice:
			'The service takes up to 250 million pixels. An animation has up to 300 frames, and all frames together count; a WebP has up to 16,383 pixels a side. Make the image smaller, or use fewer frames.',
	},
	unsupportedFormat: {
		message: 'The file is not an image that the service can read',
		advice:
			'Use a JPG, PNG, BMP, GIF, WebP or HEIF image. The file name does not matter, only its content: open the file to check what it is.',
	},
	faultyImage: {
		message: 'The service cannot use this image',
		advice:
			'Open the image to check that it is whole. If it is, save it again as JPG or PNG and run the item again.',
	},
	emptyImage: {
		message: 'The image is empty',
		advice: 'Check the file in the bucket: it holds nothing. Upload the image again.',
	},
	maskNotFetched: {
		message: 'The service could not fetch the mask image',
		advice:
			'Check Mask Image: the address has to work without a login from anywhere, and the object has to exist. If the mask is in the bucket, the account needs cos:GetObject for it, and with a custom domain Region in the credential has to be right too.',
	},
	inputMissing: {
		message: 'The image or its mask does not exist',
		advice: 'Check Image and the mask: upper and lower case count.',
	},
	inputNotAllowed: {
		message: 'The service may not read the image or its mask',
		advice: `Allow the account cos:GetObject for both. ${SET_UP}`,
	},
	originNotFetched: {
		message: 'The service waited too long for the image',
		advice: `The service fetches it from where the bucket gets it (origin-pull), or from the address of a public image. ${TRY_LATER}`,
	},
	invalidOrigin: {
		message: 'The origin of the image is not valid',
		advice:
			'The bucket fetches this image from another server (origin-pull). Check that setting in the console, or store the image in the bucket itself.',
	},
	incompleteBody: { message: 'The image did not arrive whole', advice: 'Run the item again.' },
	invalidChecksum: { message: 'The checksum of the image is not valid', advice: CHECK_IMAGE },
	checksumMismatch: {
		message: 'The image was changed on its way',
		advice: 'Run the item again.',
	},
	invalidKey: {
		message: 'The service does not accept this path',
		advice:
			'Check the key for "." or ".." between slashes and for characters that do not belong there.',
	},
	keyTooLong: {
		message: 'The path of the image is too long',
		advice: 'Use a path and name of up to 850 bytes. A Chinese character counts as three bytes.',
	},
	unknownStyle: {
		message: 'The service takes a part of the path for the name of an image style',
		advice:
			'The bucket has style separators, and the key holds one of them. In the console of Cloud Infinite, switch off the separator, or rename the object.',
	},
	noBody: {
		message: 'The service received no image',
		advice: 'Check that Input Binary Field names a field that holds a file.',
	},
	slowUpload: {
		message: 'The image arrived too slowly',
		advice:
			'The connection is slow or was interrupted. Run the item again, with a smaller Max Concurrency under Options.',
	},
	notAllowed: {
		message: 'The account may not do this',
		advice: `${PERMISSIONS} ${SET_UP} Also check that the object belongs to this account.`,
	},
	notSetUp: {
		message: 'Cloud Infinite may not process the images of this bucket',
		advice: `${SET_UP} If all three are done: ${PERMISSIONS}`,
	},
	noRole: {
		message: 'The service role CI_QCSRole does not exist',
		advice:
			'Open Cloud Infinite in the Tencent Cloud console with the main account and authorize the role CI_QCSRole there; it lets Cloud Infinite read and write the bucket. Then run the item again.',
	},
	notBound: {
		message: 'The bucket is not bound to Cloud Infinite',
		advice: `${SET_UP} Then run the item again.`,
	},
	otherOwner: {
		message: 'The destination bucket belongs to another account',
		advice: 'Enter a Destination Bucket of the same account.',
	},
	refererRule: {
		message: 'The hotlink protection of the bucket refuses the request',
		advice:
			'In the console, allow requests without a Referer in the hotlink protection of the bucket: n8n sends none.',
	},
	strictSignature: {
		message: 'The bucket asks for headers to be signed that were not',
		advice:
			'The node signs all headers that it sends, so something between n8n and the bucket may add or change some: check proxies, and Custom Domain in the credential.',
	},
	originalProtected: {
		message: 'The bucket protects its original images',
		advice:
			'Its setting "Original image protection" in Cloud Infinite refuses requests like this one. Switch it off in the console for this bucket, or keep images to repair in another bucket.',
	},
	blockedContent: {
		message: 'The service has blocked this image for its content',
		advice: `Content moderation takes it for something that must not be shown. ${APPEAL}`,
	},
	blockedBucket: {
		message: 'The service has blocked this bucket',
		advice: APPEAL,
	},
	blockedAccount: {
		message: 'The service has blocked this account',
		advice: APPEAL,
	},
	takenForAttack: {
		message: 'The service takes the requests for an attack and refuses them',
		advice:
			'Stop the workflow and run it again in an hour or later, with a small number under Options, Requests per Second.',
	},
	rejected: {
		message: 'Cloud Infinite rejected the request',
		advice: `${SET_UP} ${PERMISSIONS}`,
	},
	unknownSecretId: {
		message: 'The Secret ID is not known',
		advice:
			'Open the credential and copy the Secret ID again from "API Keys" in the Tencent Cloud console. A deleted or disabled key gives this response too.',
	},
	wrongSecretKey: {
		message: 'The Secret Key does not belong to the Secret ID',
		advice:
			'Open the credential and copy the Secret Key again from "API Keys" in the Tencent Cloud console, without spaces around it. With a custom domain, a CDN in front of the bucket that does not forward Authorization, or changes the request, gives this response too: choose Default as Endpoint.',
	},
	noSignature: {
		message: 'The request arrived without its signature',
		advice:
			'Something between n8n and the bucket has taken it away: a CDN that does not forward Authorization, or a proxy. Choose Default as Endpoint in the credential, or let the CDN forward that header.',
	},
	invalidSignature: {
		message: 'The signature was not accepted',
		advice:
			'Open the credential and save it, which tests it. If it passes, something between n8n and the bucket may change requests: check proxies, and Custom Domain in the credential.',
	},
	expiredSignature: {
		message: 'The signature was no longer valid when the request arrived',
		advice: SET_CLOCK,
	},
	clockOff: { message: 'The clock of this machine is off', advice: SET_CLOCK },
	expiredToken: {
		message: 'The temporary credentials have expired',
		advice:
			'Get new temporary credentials and enter Secret ID, Secret Key and Security Token in the credential.',
	},
	invalidToken: {
		message: 'The security token is not valid',
		advice:
			'Enter Secret ID, Secret Key and Security Token of the same set of temporary credentials.',
	},
	accountUnusable: {
		message: 'The account cannot be used',
		advice: 'Check in the Tencent Cloud console whether the account is in arrears or suspended.',
	},
	inArrears: {
		message: 'The account is in arrears',
		advice: 'Top up the account in the Tencent Cloud console.',
	},
	quotaUsedUp: {
		message: 'A paid quota of the account is used up',
		advice:
			'Check in the Tencent Cloud console which resource package or balance is used up, and top it up.',
	},
	legalReasons: {
		message: 'The account is in arrears, or the content is blocked',
		advice: `Check the balance in the Tencent Cloud console. If it is positive, the image is blocked: the console of Cloud Infinite shows why. ${LIFT_BLOCK}`,
	},
	archived: {
		message: 'The image is in archive storage',
		advice:
			'Restore the object in the console first, or store images to repair in standard storage.',
	},
	encryptedSource: {
		message: 'The image is encrypted with a key of your own (SSE-C)',
		advice: 'Cloud Infinite cannot read such objects. Store the image without SSE-C to repair it.',
	},
	encryptionKeyOff: {
		message: 'The key that encrypts the image is disabled',
		advice: 'Enable the key in the console of KMS, the key management service.',
	},
	encryptionBusy: {
		message: 'The key management service asks for fewer requests',
		advice:
			'The bucket is encrypted with a KMS key, which has a request limit of its own. Enter a smaller number under Options, Requests per Second.',
	},
	noBucket: {
		message: 'There is no such bucket',
		advice:
			'Open the credential and compare bucket and region with the console. The name includes the APPID, as in examplebucket-1250000000.',
	},
	noImage: {
		message: 'There is no image under this path in the bucket',
		advice:
			'Check Image: upper and lower case count, and the path is the full one from the top of the bucket, as in folder/image.jpg. A path copied from an address has to be decoded (%20 is a space): paste the whole address instead. From List shows what is there.',
	},
	methodNotAllowed: {
		message: 'The bucket does not allow this request',
		advice: 'Check that Endpoint in the credential leads to the bucket itself.',
	},
	concurrentChange: {
		message: 'Another request changed the same image at the same time',
		advice: 'Run the item again. Let no two items write to the same Result Key.',
	},
	objectLocked: {
		message: 'An object lock keeps this image from being replaced',
		advice:
			'The bucket keeps what it holds unchanged for some time. Enter a Result Key that does not exist yet, and leave Overwrite Original off.',
	},
	keyTaken: {
		message: 'Something else was stored under the key of the upload in the meantime',
		advice:
			'Nothing of this item was stored. Run it again: If the Key Exists then goes by what is there now.',
	},
	noLength: {
		message: 'The request arrived without its length',
		advice:
			'A proxy between n8n and the service may have removed it. Check the network settings of n8n.',
	},
	changed: { message: 'The image has changed in the meantime', advice: 'Run the item again.' },
	invalidRange: {
		message: 'The requested part of the image does not exist',
		advice: CHECK_IMAGE,
	},
	tooManyRequests: { message: 'The service asks for fewer requests', advice: SLOW_DOWN },
	unavailable: { message: 'The service is not available at the moment', advice: TRY_LATER },
	internalError: { message: 'The service met a fault of its own', advice: TRY_LATER },
	notImplemented: {
		message: 'The service cannot do this',
		advice: 'Check that Cloud Infinite and Image Repair are available in the region of the bucket.',
	},
	invalidRequest: {
		message: 'The service did not accept the request',
		advice: 'Check the values of the node against what the service says.',
	},
	invalidImageUrl: {
		message: 'The address of the image is not valid',
		advice: 'Check Image and Mask Image URL.',
	},
	processingTimeout: {
		message: 'The service took too long over this image',
		advice: 'Run the item again; if that does not help, use a smaller image or area.',
	},
	stillUploading: {
		message: 'The image is still being uploaded',
		advice:
			'Whatever uploads it has not finished. Run the item again in a minute, or let the workflow wait until the upload is complete.',
	},
	notFound: {
		message: 'What was requested does not exist',
		advice: 'Check Image, and the bucket and region in the credential.',
	},
	refused: {
		message: 'The service refused the request',
		advice:
			'If the service mentions Cloud Infinite or binding: in the Tencent Cloud console, open Cloud Infinite and bind this bucket. Then try again.',
	},
	redirectInBetween: {
		message: 'Something between n8n and the service redirects the request',
		advice: `It may be the login page of a network, a proxy, or a CDN. ${PROXY_ADMINISTRATOR}`,
	},
	tooLargeInBetween: {
		message: 'Something between n8n and the service refuses requests of this size',
		advice:
			'A proxy or gateway has a limit for uploads. Ask its administrator to raise it to 32 MB, or choose another Endpoint in the credential.',
	},
	tooManyInBetween: {
		message: 'Something between n8n and the service asks for fewer requests',
		advice:
			'A proxy, gateway or CDN has a limit of its own. Enter a smaller number under Options, Requests per Second.',
	},
	refusedInBetween: {
		message: 'Something between n8n and the service refused the request',
		advice: `It does not come from the service itself, so keys and permissions are not the reason. ${PROXY_ADMINISTRATOR}`,
	},
	unavailableInBetween: {
		message: 'Something between n8n and the service did not get a response from it',
		advice: `${PROXY_ADMINISTRATOR} If it worked before, run the item again in a few minutes.`,
	},
} as const satisfies Readonly<Record<FailureClass, Message>>;

/** Refusals of what needs a permission of its own, or one that nobody documents. */
export const NOT_ALLOWED = {
	list: {
		message: 'The account may not list the bucket',
		advice:
			'Allow it the action cos:GetBucket. An image can also be entered By Key, which needs no list.',
	},
	text: {
		message: 'The account may not have text read in this image',
		advice: `Allow it the actions ci:CreateOCRJob and cos:GetObject. ${SET_UP}`,
	},
	logo: {
		message: 'The account may not have logos looked for in this image',
		advice: `Allow it cos:GetObject, and the action of RecognizeLogo, whose name Tencent does not document: the policy QcloudCIFullAccess holds it. ${SET_UP}`,
	},
} as const satisfies Readonly<Record<string, Message>>;

/** Why no complete, readable response came, with the values that the message needs. */
export interface ConnectionReasons {
	unknownHost: { host: string };
	nameServiceBusy: { host: string };
	refused: { host: string };
	unreachable: { host: string };
	/** This machine has no socket left. */
	tooManyOpen: { host: string };
	connectTimedOut: { host: string; seconds: number };
	/** `code` is that of Node's network layer, such as CERT_HAS_EXPIRED. */
	certificate: { host: string; code: string };
	/** The TLS handshake broke off. */
	handshakeEnded: { host: string };
	wrongProtocol: { host: string };
	ssrfGuard: { host: string };
	proxyUnreachable: { host: string };
	proxyLogin: { host: string };
	/** `status` is the proxy's response to CONNECT. */
	proxyRefused: { host: string; status: number };
	fileUnreadable: NoValues;
	connectionLost: { host: string };
	timedOut: { host: string; seconds: number };
	imageCutShort: NoValues;
	imageEndUnknown: NoValues;
	/** Megabytes. */
	imageTooLarge: { limit: number };
	imageNotStored: NoValues;
	/** HTTP status. */
	partialImage: { status: number };
	/** What came, by its content type. */
	notImage: { type: string };
	unknownImage: { type: string };
	/** Millions of keys. */
	endlessList: { millions: number };
	lostEarlier: NoValues;
	otherVersion: { key: string };
	/** `part` is what is missing or malformed. */
	unreadable: { part: string };
}

export type ConnectionReason = keyof ConnectionReasons;

const CHECK_NETWORK =
	'Check the network connection of the machine that runs n8n, and Endpoint in the credential.';
const CHECK_RESPONDER =
	'Check Endpoint and Custom Domain in the credential: something between n8n and the bucket may have responded.';
const ALLOW_AT_PROXY =
	'Ask the administrator of the proxy to allow this host and port 443, or let n8n reach it without the proxy (environment variable NO_PROXY).';

/** They do not speak of billing: what is known of a paid call is said by its state. */
export const CONNECTION = {
	unknownHost: {
		message: 'The address <host> cannot be found',
		advice:
			'Check Bucket, Region and Endpoint in the credential, and the network connection of the machine that runs n8n.',
	},
	nameServiceBusy: {
		message: 'The name service did not respond, so the address of <host> is not known',
		advice:
			'Check the network connection and the DNS settings of the machine that runs n8n, then try again in a minute.',
	},
	refused: { message: '<host> does not accept connections', advice: CHECK_NETWORK },
	unreachable: { message: '<host> cannot be reached', advice: CHECK_NETWORK },
	tooManyOpen: {
		message: 'No further connection to <host> could be opened',
		advice:
			'The machine that runs n8n has too many files or connections open. Enter a smaller Max Concurrency under Options, or raise the limits of the machine.',
	},
	connectTimedOut: {
		message: '<host> did not accept a connection within <seconds> seconds',
		advice: CHECK_NETWORK,
	},
	certificate: {
		message: 'The certificate of <host> is not trusted (<code>)',
		advice:
			'If a proxy, a firewall or an authority of your own issued it, save the certificate of that authority in a file, name the file in the environment variable NODE_EXTRA_CA_CERTS of n8n, and restart n8n. Otherwise the certificate has to be renewed, or to name this host.',
	},
	handshakeEnded: {
		message: '<host> ended the connection before it was encrypted',
		advice:
			'Check whether a proxy or firewall between n8n and the host ends encrypted connections. Then try again.',
	},
	wrongProtocol: {
		message: '<host> does not respond with the encryption that https:// asks for',
		advice:
			'Check Endpoint and Custom Domain in the credential, and the port in it: it has to be the one for HTTPS. A proxy or firewall on the way can be the cause too.',
	},
	ssrfGuard: {
		message: 'This n8n does not allow requests to <host>',
		advice:
			'Its guard against requests to internal addresses (SSRF protection) blocks the host. Ask the administrator of n8n to allow it: N8N_SSRF_ALLOWED_HOSTNAMES takes host names, N8N_SSRF_ALLOWED_IP_RANGES takes addresses.',
	},
	proxyUnreachable: {
		message: 'The proxy that n8n uses for <host> cannot be reached, or ends the connection',
		advice:
			'Check that the proxy runs, and its address in the environment variable HTTPS_PROXY of n8n. Then try again.',
	},
	proxyLogin: {
		message: 'The proxy that n8n uses for <host> asks for a login',
		advice:
			'Enter the user name and password of the proxy in the environment variable HTTPS_PROXY of n8n, as in http://user:password@proxy.example.com:8080, and restart n8n.',
	},
	proxyRefused: {
		message: 'The proxy that n8n uses does not connect to <host> (status <status>)',
		advice: ALLOW_AT_PROXY,
	},
	fileUnreadable: {
		message: 'The file to upload could not be read',
		advice:
			'Check the node that gives the file, and the place where n8n stores binary data. Then try again.',
	},
	connectionLost: {
		message: 'The connection to <host> ended before the response came',
		advice: CHECK_NETWORK,
	},
	timedOut: {
		message: '<host> did not respond in full within <seconds> seconds',
		advice: 'Try again; in a repair node, allow more time under Options, Timeout.',
	},
	imageCutShort: {
		message: 'The image arrived incomplete and was discarded',
		advice: 'Check the network connection of the machine that runs n8n.',
	},
	imageEndUnknown: {
		message: 'The response does not show whether the image is complete, so it was discarded',
		advice:
			'Something between n8n and the service leaves out how long the image is: check proxies, and Custom Domain in the credential.',
	},
	imageTooLarge: {
		message: 'The image is larger than <limit> MB and was discarded',
		advice:
			'The service makes images of up to 32 MB, so this is not one of its own: check Endpoint and Custom Domain in the credential.',
	},
	imageNotStored: {
		message: 'n8n could not store the image',
		advice: 'Check the disk space and the binary data storage of n8n, then run the item again.',
	},
	partialImage: {
		message: 'The service responded with status <status> instead of a complete image',
		advice: CHECK_RESPONDER,
	},
	notImage: {
		message: 'The service responded with <type> instead of an image',
		advice: CHECK_RESPONDER,
	},
	unknownImage: {
		message: 'The service responded with <type>, but the bytes are not an image of a known format',
		advice: CHECK_RESPONDER,
	},
	lostEarlier: {
		message: 'The response to this repair was lost in an earlier try, so it was not made again',
		advice: 'To make such calls again, switch Retry Lost Calls on under Options.',
	},
	otherVersion: {
		message: 'The image under <key> is not the result',
		advice:
			'Something else may have stored it in the meantime. Let each item, and each workflow, store its results under keys of its own.',
	},
	endlessList: {
		message: 'The list of the folder does not end',
		advice:
			'Check Endpoint and Custom Domain in the credential: something between n8n and the bucket may give the same pages again and again. If the folder does hold more than <millions> million files, choose a smaller one.',
	},
	unreadable: {
		message: 'The response of the service cannot be read: <part> is missing or malformed',
		advice: CHECK_RESPONDER,
	},
} as const satisfies Readonly<Record<ConnectionReason, Message>>;

export const CANCELLED: Message = {
	// By this word n8n knows a stopped execution from a failed one.
	message: 'The execution was canceled',
	advice: 'Items that had not begun were not sent.',
};

/** Whose words they are. */
export const SAID = {
	service: 'The service says: <said>.',
	between:
		'The response came from something between n8n and the service, such as a proxy or a gateway. It says: <said>.',
} as const;

/** What is known of the cost of a repair that failed. */
export const BILLED = {
	no: 'This repair was not billed.',
	yes: 'The repair was done and billed.',
	perhaps: 'The repair may have been done and billed.',
} as const;

/** What is known of the results of a repair that failed. */
export const RESULTS = {
	stored: 'Stored: <keys>.',
	missing: 'Missing: <keys>.',
	unknown:
		'Look for <keys> before you run the item again: what is there does not have to be paid for again.',
	storedOriginal: 'The original is stored too: <keys>.',
	original: 'The original may be in the bucket nevertheless: <keys>.',
	detection: 'A detection may have been billed, as its response was lost.',
	notStored: 'Its image is lost, and running the item again may be billed again.',
	temporaryMasks: 'A temporary mask may still be in the bucket: <keys>. Delete it by hand.',
} as const;

/** The service responded in full, with fewer results than were asked for. */
export const MISSING_RESULTS: Message = {
	message: 'The service left out <missing> of <expected> results',
	advice:
		'Running the item again makes and bills all of them again. To make only those that are missing, use a node whose Result Key and Additional Results name just them.',
};

/** What Verify Result says of a result, beside its verdict. */
export const VERIFICATION = {
	unchanged:
		'The result looks like the original. With Automatic, the service may have found nothing; otherwise, check the area, or whether there was a mark.',
	changedElsewhere:
		'The result differs from the original where nothing was to be repaired. Compare both before you use it.',
	resized: 'The result does not have the size of the original. Compare both before you use it.',
	turned: 'It looks turned or mirrored.',
	remaining: 'What was to be repaired is found in the result, too. Compare both before you use it.',
	otherBucket: 'Not compared: the credential cannot read the bucket of the result.',
	originalGone: 'Not compared: the result has replaced the original.',
	publicImage: 'Not compared: the node does not look at public images.',
	format: 'Not compared: of a downloaded image, only the pixels of a BMP can be read here.',
	noCopy: 'Not compared: <why>',
	notLooked: 'The detector did not look at the result: <why>',
} as const;

/** Verify Result has found what its user does not want. */
export const NOT_AS_ASKED: Message = {
	message: 'The result is not as it should be: <verdict>',
	advice:
		'<why> The result stays where it is. To only be told, choose Report at Verify Result under Options.',
};

/** What a run paid for before an item stopped it; `<counts>` is the line above the output. */
export const RUN_SO_FAR = {
	counts: 'Before the run stopped: <counts>.',
	earlier: 'An earlier try has stored, or may have stored: <keys>.',
	repaired: 'Repaired: <keys>.',
	again:
		'Run it again with Skip Existing Results on under Options: what is stored is not paid for again.',
	/** What is not stored in the bucket cannot be skipped. */
	goOn: 'So that one image does not stop the others, set On Error of this node to Continue.',
	as: '<source> as <keys>',
	asIs: 'Stored as they are, as nothing was found in them: <keys>.',
	andMore: '<shown> and <more> more',
	other: 'Item <index>: <description>',
	originals: 'Originals of further items that may be in the bucket nevertheless: <keys>.',
} as const;

/** What a model is answered where there is nothing to give: n8n would hand it an empty text. */
export const NOTHING_FOUND = 'No image was found. Check the folder, and the filters of this tool.';

/** Something that nobody thought of: the advice is what was thrown. */
export const UNEXPECTED = 'The item could not be processed';

/** The credential is asked to sign a request for another host, by n8n's HTTP Request node. */
export const FOREIGN_HOST: Message = {
	message: 'This credential signs requests to its own bucket only, not to <host>',
	advice: 'Use an address that begins with https://<bucketHost>/.',
};

/** The credential is asked to sign a request that somebody else could read, by n8n's HTTP Request node. */
export const UNSAFE_CONNECTION = {
	unverified: {
		message: 'This credential does not sign requests whose server is not verified',
		advice:
			'Switch "Ignore SSL Issues" off, and remove certificates of an authority of your own. An administrator of n8n can make an authority trusted with the environment variable NODE_EXTRA_CA_CERTS.',
	},
	unencrypted: {
		message: 'This credential does not sign requests that pass a proxy unencrypted',
		advice: 'Remove the proxy from the request, or use an address that begins with https://.',
	},
} as const satisfies Readonly<Record<string, Message>>;

/** Why a list of images is empty. */
export const NOTHING_FITS = {
	bucketEmpty: 'The bucket is empty.',
	folderEmpty: 'The folder "<place>" is empty.',
	nothingThere:
		'Nothing in the bucket begins with "<place>". Check how Folder is spelled: upper and lower case count.',
	noneFits: 'No image in "<place>" fits.',
	otherFiles: 'Files of types that cannot be repaired: <count>.',
	otherTypes: 'Files of types not chosen in File Types: <count>.',
	repaired: 'Left out by Ignore Repaired Images: <count>.',
	results: 'Left out as results: <count>.',
	allDone: 'All <count> images that fit have their results already.',
	subfolders: 'Folders in it that were left out, as Include Subfolders is off: <count>.',
	ofItem: 'Item <item>: <why>',
	further: 'Further items without an image: <count>.',
} as const;

/** Rows of From List that are no images, and what the editor says of such a choice. */
export const LIST_ROWS = {
	wholeBucket: '/ (Whole Bucket)',
	/** Stands in the field, too, when somebody chooses it. */
	folder: 'Folder: <folder> (to open it, type it in the search)',
	more: 'There are more images: scroll down, or search by name',
	searched: 'Only <count> files were searched. For more, put the folder first: photos/<text>',
	moreFolders: 'There may be more: type the path, such as photos/2025/',
	folderChosen:
		'This is a folder. Open the list and type its path, with the slash, to see the images in it',
} as const;

/** What Test in the credential says besides. */
export const CREDENTIAL_TEST = {
	valid: 'Secret ID, Secret Key, bucket and region are valid.',
	cannotList: {
		message:
			'Secret ID and Secret Key are valid, but this account is not allowed to list the bucket',
		advice:
			'If the bucket is your own, save the credential: the three repair modes work. From List, Get Many Images and the trigger also need the action cos:GetBucket.',
	},
	otherBucket: {
		message: 'The domain belongs to the bucket "<name>", not to "<bucket>"',
		advice: 'Correct Bucket or Custom Domain.',
	},
	notBucket: {
		message: '<host> does not respond as a bucket does',
		advice: 'Check Endpoint and Custom Domain.',
	},
	inBetween: {
		message: 'Not the bucket responded, but something between n8n and <host> (status <status>)',
		advice:
			'Check Endpoint and Custom Domain. If n8n uses a proxy, ask its administrator to allow this host and port 443.',
	},
} as const satisfies Readonly<Record<string, Message | string>>;
