interface Claim {
	/** As the README says it, in one line without addresses. */
	readonly statement: string;
	/** File and name of each test that would fail if it were not true. */
	readonly tests: ReadonlyArray<readonly [file: string, name: string]>;
}

/** Behind both rows of the table of versions. */
const IN_A_SERVER: Claim['tests'] = [
	[
		'test/unit/docs/readme.test.ts',
		'the compatibility table names the n8n versions that are tested',
	],
	[
		'test/n8n/serverChecks.ts',
		'download: n8n has stored the repaired image, and the JSON describes it',
	],
	['test/n8n/serverChecks.ts', 'upload: the original and the repaired image are in the bucket'],
	[
		'test/n8n/serverChecks.ts',
		'cloud: the repaired image is in the bucket, and n8n has received no image',
	],
];

export const CLAIMS: readonly Claim[] = [
	{
		statement:
			'An n8n community node that removes logos and watermarks from your own or licensed images, with Image Repair of Tencent Cloud Infinite. Create one credential, add one node and say where the logo is.',
		tests: [
			[
				'test/n8n/serverChecks.ts',
				'download: n8n has stored the repaired image, and the JSON describes it',
			],
			['test/n8n/serverChecks.ts', 'upload: the original and the repaired image are in the bucket'],
			[
				'test/n8n/serverChecks.ts',
				'cloud: the repaired image is in the bucket, and n8n has received no image',
			],
			['test/unit/docs/settings.test.ts', 'the README and n8n say alike what the node is for'],
			[
				'test/unit/docs/settings.test.ts',
				'n8n is asked to install the package by its name, which says that it is a community node',
			],
			['test/unit/sandbox/repair.test.ts', '%s: all pixels in the area change and no others'],
		],
	},
	{
		statement: 'This is a community project. It is not affiliated with Tencent or n8n.',
		tests: [
			[
				'test/unit/docs/settings.test.ts',
				'neither the name of the package nor who publishes it is that of n8n or of Tencent',
			],
		],
	},
	{
		statement:
			'In n8n, open **Settings → Community nodes → Install** and enter `n8n-nodes-tencent-image-repair`. n8n keeps the node in its folder `.n8n`; in Docker, that is the volume at `/home/node/.n8n`. For servers without such a volume, and for an installation by hand, see On a server.',
		tests: [
			['test/n8n/editorChecks.ts', 'community nodes are installed by the name of the package'],
			[
				'test/unit/docs/settings.test.ts',
				'n8n is asked to install the package by its name, which says that it is a community node',
			],
			[
				'test/n8n/serverChecks.ts',
				'the server sends the node, both icons and the credential to the editor',
			],
		],
	},
	{
		statement: 'With pictures:',
		tests: [
			[
				'test/unit/docs/settings.test.ts',
				'the page on the first repair has a screenshot of each step in n8n',
			],
			['test/unit/docs/links.test.ts', '$page: the image $target is large enough to be seen'],
		],
	},
	{
		statement:
			'In the Tencent Cloud console, open Cloud Infinite and bind it to your COS bucket. Activate **AI content recognition** there, and agree to the role `CI_QCSRole`.',
		tests: [
			['test/unit/docs/permissions.test.ts', 'the page says what is needed besides a policy: %s'],
			[
				'test/conformance/sandbox/detections.test.ts',
				'both are refused while AI content recognition is not activated, and repairs are not',
			],
			[
				'test/unit/cos/responses/failure.test.ts',
				'has a class of its own, with a message and advice',
			],
		],
	},
	{
		statement:
			'Create a sub-account with only the permissions it needs. docs/permissions.md has a policy to paste for each repair mode, and says what other features need.',
		tests: [
			[
				'test/unit/docs/settings.test.ts',
				'there is a policy to paste for each of the repair modes',
			],
			[
				'test/unit/docs/permissions.test.ts',
				"there are policies for each mode, with exactly the actions that each of Tencent's pages requires",
			],
			[
				'test/engine/permissions.test.ts',
				'needs no more than the recommended policy of docs/permissions.md, read as %s',
			],
			[
				'test/conformance/sandbox/permissions.test.ts',
				'allows its own mode and what the page says, read as %s',
			],
			[
				'test/conformance/sandbox/permissions.test.ts',
				'allows nothing for another region, another bucket or another account, read as %s',
			],
		],
	},
	{
		statement:
			'In n8n, create the credential with the keys of the sub-account, the bucket and its region. **Save** tests it, and says what is wrong.',
		tests: [
			['test/n8n/editorChecks.ts', 'the credential test reports a wrong secret key'],
			['test/n8n/editorChecks.ts', 'the credential test succeeds with valid values'],
			['test/unit/docs/settings.test.ts', 'the credential has the fields that the README names'],
		],
	},
	{
		statement:
			'Add the node **Tencent Image Repair** and choose a mode, an image and an area. The area picker gives you the numbers.',
		tests: [
			[
				'test/n8n/editorChecks.ts',
				'searching for what the node does finds the node and its actions',
			],
			['test/n8n/editorChecks.ts', 'the list shows images of all folders, and folders below them'],
			['test/n8n/editorChecks.ts', 'rectangles can be entered in percent from a corner'],
			[
				'test/n8n/pickerChecks.ts',
				'rectangles from every corner in both units repair the drawn pixels',
			],
		],
	},
	{
		statement:
			'Press **Execute step**. To check your settings without paying for a repair, switch on _Dry Run_ under Options first.',
		tests: [
			['test/n8n/editorChecks.ts', 'the output panel shows the repaired image'],
			['test/engine/runs.test.ts', 'shows the request without sending it, in every mode'],
			['test/engine/runs.test.ts', 'rejects what the real run would reject'],
			['test/unit/docs/settings.test.ts', '%s is an option'],
		],
	},
	{
		statement:
			'Clone this repository and start a real n8n with sample images, all on your own machine (docs/playground.md):',
		tests: [
			['test/n8n/playgroundChecks.ts', 'it shows a URL, and repairs images of its user there'],
			['test/unit/docs/settings.test.ts', 'the first block of commands starts the playground'],
			['test/unit/docs/readme.test.ts', 'CI runs the command of the README: %s'],
		],
	},
	{
		statement:
			'To try it on your own images, open the address beside _Your images_ in the terminal and drop them there.',
		tests: [
			['test/n8n/playgroundChecks.ts', 'it shows a URL, and repairs images of its user there'],
			[
				'test/engine/ownImages.test.ts',
				'an image that is put there can be repaired, and is shown before and after',
			],
		],
	},
	{
		statement:
			"To see only the results, run `npm ci && npm run demo`. It runs three example workflows in n8n's engine and writes before/after images and a report to `dev/demo/output/report.html`.",
		tests: [
			['test/unit/docs/readme.test.ts', 'CI runs the command of the README: %s'],
			['test/unit/docs/demo.test.ts', 'the demo runs three examples, one for each repair mode'],
			[
				'test/unit/docs/demo.test.ts',
				'its report shows each image before and after, where the README says',
			],
		],
	},
	{
		statement:
			'| The watermark is in the lower right corner of a whole folder | clean-folder-nightly, _Area_: Rectangles, _Measured From_: Bottom Right Corner, in percent: one setting fits images of every size |',
		tests: [
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
			['test/unit/docs/settings.test.ts', 'the setting that the README names is in the node: %s'],
			['test/n8n/chainChecks.ts', 'a schedule: new images are repaired, and only once'],
			['test/engine/areas.test.ts', 'in percent mark the same part of an image of any size'],
		],
	},
	{
		statement:
			"| Each supplier has its own mark | One list of images for each supplier's folder, _Area_: Found Text with the name in the mark, or Rectangles with an expression |",
		tests: [
			[
				'test/engine/getMany.test.ts',
				'each input item gets its own list, and an invalid item does not affect the others',
			],
			['test/engine/detection.test.ts', 'a text %s is left alone, or repaired'],
			['test/unit/docs/settings.test.ts', 'an area that the README names is a choice of Area: %s'],
			['test/engine/areas.test.ts', '%s repair the same pixels in every mode'],
		],
	},
	{
		statement:
			'| New uploads at once | The **Tencent COS Image Trigger** (clean-new-uploads), or a cloud function that sends news at once (docs/events.md) |',
		tests: [
			['test/n8n/triggerChecks.ts', 'every image was repaired exactly once'],
			['test/n8n/triggerChecks.ts', 'an image that is uploaded afterwards is found'],
			[
				'test/unit/docs/settings.test.ts',
				'the names of the nodes and of the credential are those in n8n',
			],
			['test/n8n/eventChecks.ts', 'an event of the bucket: its image is repaired, and only once'],
		],
	},
	{
		statement:
			'| An agent sends me a box | _Area_: Polygons. Boxes of AI models and detectors are taken as they come (vision-model-finds-logo) |',
		tests: [
			[
				'test/unit/cos/areas/detectors.test.ts',
				'means the same pixels of $width × $height, read as $coordinates',
			],
			[
				'test/engine/detectors.test.ts',
				'boxes of all detectors, whatever they count in, are repairs of the same pixels of a %s',
			],
			['test/n8n/detectionChecks.ts', 'what a model has found is repaired, and nothing else'],
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
		],
	},
	{
		statement:
			'| An AI agent should do it by itself | Connect the node to the agent as a tool (docs/as-a-tool.md) |',
		tests: [
			['test/n8n/serverChecks.ts', 'the node is offered as a tool for AI agents'],
			['test/n8n/toolChecks.ts', 'a model repairs an image, and learns its key and address'],
			[
				'test/engine/tool.test.ts',
				'an AI agent can repair an image with an object key and an area that it chooses',
			],
		],
	},
	{
		statement:
			'| I want to approve it first | approve-detected-areas before the repair, approve-before-publishing after it |',
		tests: [
			['test/n8n/detectionChecks.ts', 'a person approves what was found: it is repaired'],
			['test/n8n/detectionChecks.ts', 'a person keeps what was found: no repair is billed'],
			[
				'test/n8n/publishChecks.ts',
				'a person who has seen both images approves: the result is published',
			],
			['test/n8n/publishChecks.ts', 'a person declines: the result is set aside'],
		],
	},
	{
		statement:
			'| I only want the clean image in my workflow | _Mode_: Download Repaired Image; nothing is stored |',
		tests: [
			[
				'test/engine/modes.test.ts',
				'download returns the repaired image as binary data and stores nothing',
			],
			[
				'test/n8n/serverChecks.ts',
				'download: n8n has stored the repaired image, and the JSON describes it',
			],
			['test/unit/docs/settings.test.ts', 'the setting that the README names is in the node: %s'],
		],
	},
	{
		statement:
			'| Images from a form or an email go into the bucket | _Mode_: Upload and Repair Image; original and repaired are stored (webhook-to-storage-and-chat) |',
		tests: [
			[
				'test/engine/modes.test.ts',
				'upload stores the original unchanged and the repaired image beside it',
			],
			[
				'test/n8n/chainChecks.ts',
				'a webhook: the image arrives in the bucket, the other storage and the chat',
			],
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
		],
	},
	{
		statement:
			'| An archive of a million images | docs/large-buckets.md and, with several workers, docs/workers.md |',
		tests: [
			['test/unit/node/withoutResult.test.ts', 'is a few pages with results %s'],
			[
				'test/engine/withoutResult.test.ts',
				'requests each page once, and none when Limit is reached',
			],
			['test/unit/node/triggerMemory.test.ts', 'it stays small whatever is given out: %s keys'],
			[
				'test/n8n/workersChecks.ts',
				'the next run repairs what is missing: each image is stored once and billed once',
			],
			['test/unit/docs/links.test.ts', '$page: the target of $target exists'],
		],
	},
	{
		statement:
			'| Do not repair what is clean already | _Skip Existing Results_ in the repair modes, _Only Without Result_ in the list |',
		tests: [
			['test/engine/paidCalls.test.ts', 'skips what was made of this very image'],
			[
				'test/engine/runs.test.ts',
				'repairs only missing results, and marks the other items as skipped',
			],
			[
				'test/engine/withoutResult.test.ts',
				'lists an image unless its result was certainly stored after it',
			],
			['test/unit/docs/settings.test.ts', 'the setting that the README names is in the node: %s'],
		],
	},
	{
		statement:
			'| Download Repaired Image | the bucket, or any public image | the repaired image as binary data; nothing is stored |',
		tests: [
			[
				'test/engine/modes.test.ts',
				'download returns the repaired image as binary data and stores nothing',
			],
			['test/engine/images.test.ts', 'is repaired without being stored'],
			['test/unit/docs/settings.test.ts', 'the table of the modes has all modes of the node'],
		],
	},
	{
		statement:
			'| Upload and Repair Image | a binary field of the item | the original and up to five results, stored in the bucket |',
		tests: [
			[
				'test/engine/modes.test.ts',
				'upload stores the original unchanged and the repaired image beside it',
			],
			[
				'test/unit/cos/requests/imageRepair.test.ts',
				'holds up to five results, each with its own key, area and bucket',
			],
			['test/unit/cos/location/resultKey.test.ts', 'may not be %i'],
			['test/engine/areas.test.ts', 'each have their own key, area and bucket'],
		],
	},
	{
		statement:
			'| Repair Image in Bucket | the bucket | up to five results, stored in the bucket; no image passes through n8n |',
		tests: [
			[
				'test/engine/modes.test.ts',
				'cloud stores the repaired image as another object and sends no body',
			],
			[
				'test/unit/cos/requests/imageRepair.test.ts',
				'holds up to five results, each with its own key, area and bucket',
			],
			['test/unit/cos/location/resultKey.test.ts', 'may not be %i'],
			['test/engine/areas.test.ts', 'each have their own key, area and bucket'],
		],
	},
	{
		statement:
			'| Detect Logos and Text | the bucket, or any public image | which logos and texts are in it, and where; no repair is billed |',
		tests: [
			[
				'test/engine/detection.test.ts',
				'texts and logos are told without a repair, and of the same image once',
			],
			[
				'test/conformance/sandbox/detections.test.ts',
				'%s is billed as a detection and not as a repair',
			],
			['test/engine/detectPublic.test.ts', '%s of a public image are told, and nothing is stored'],
		],
	},
	{
		statement:
			'| Get Many Images | a folder of the bucket | one item for each image, as input for another mode; no repair is billed |',
		tests: [
			['test/engine/getMany.test.ts', 'an item has key, bucket, URL, size, ETag and time'],
			['test/engine/getMany.test.ts', 'lists images %s'],
			['test/engine/getMany.test.ts', 'the listed keys can be used to repair the images'],
		],
	},
	{
		statement:
			'Say where the logo is with rectangles from any corner, polygons or a mask. Or let it be found (docs/detection.md), or let the service decide (_Automatic_). docs/parameters.md explains every parameter.',
		tests: [
			['test/engine/areas.test.ts', '%s repair the same pixels in every mode'],
			['test/engine/areas.test.ts', '%s repairs the same pixels'],
			['test/engine/areas.test.ts', 'from a binary field is stored, used and deleted'],
			['test/engine/detection.test.ts', 'as %s is repaired with a margin, and told'],
			['test/engine/modes.test.ts', 'automatic sends neither polygons nor a mask'],
			[
				'test/unit/docs/parameters.test.ts',
				'every parameter of the node is explained on the page or in the editor itself',
			],
		],
	},
	{
		statement:
			"Open one of your images in the area picker, draw around the logo and copy the result: rows for _Rectangles_, JSON for _Polygons_, a mask, or a node to paste onto n8n's canvas. It shows what _Detect Logos and Text_, another detector or an AI model found, and how far _Grow Area_ reaches. Your image stays in your browser.",
		tests: [
			[
				'test/n8n/pickerChecks.ts',
				'rectangles from every corner in both units repair the drawn pixels',
			],
			['test/n8n/pickerChecks.ts', 'polygons and the mask repair the drawn pixels'],
			['test/n8n/pickerChecks.ts', 'the copied node repairs the drawn pixels'],
			[
				'test/n8n/pickerChecks.ts',
				'what detectors and models answer can be pasted, and is shown with its names',
			],
			['test/n8n/pickerChecks.ts', 'a margin is drawn, copied with the node, and part of the mask'],
			[
				'test/n8n/pickerChecks.ts',
				'opened from disk, it works and neither sends requests nor could',
			],
		],
	},
	{
		statement:
			'It is a single page that needs no server. In n8n, the hint below _Area_ links to it; the same page is in the package (`dist/picker/index.html`) and in this repository (docs/picker/index.html).',
		tests: [
			[
				'test/unit/picker/page.test.ts',
				'the page loads nothing else, and its policy forbids every connection',
			],
			[
				'test/n8n/pickerChecks.ts',
				'opened from disk, it works and neither sends requests nor could',
			],
			['test/n8n/editorChecks.ts', 'rectangles can be entered in percent from a corner'],
			['test/engine/package.test.ts', 'and has only what n8n loads and users read'],
			[
				'test/unit/picker/page.test.ts',
				'the committed page is up to date: run "npm run picker" after a change',
			],
			['test/unit/docs/addresses.test.ts', 'the links in n8n lead there too'],
		],
	},
	{
		statement:
			"Create a credential of the type **Tencent Cloud Infinite API**. Enter the **Secret ID** and **Secret Key** of the sub-account (_API Keys_ in the console), the **bucket** with its APPID (`examplebucket-1250000000`) and its **region**. Temporary credentials, other endpoints and custom domains work too. _Test_ says what is wrong: the Secret ID, the Secret Key, the bucket, the region, the clock or a missing permission. The credential also works in n8n's **HTTP Request** node, for its own bucket only (example).",
		tests: [
			['test/unit/docs/settings.test.ts', 'the credential has the fields that the README names'],
			['test/engine/images.test.ts', 'temporary credentials send their token, and fail without it'],
			['test/engine/endpoints.test.ts', '%s sends requests to %s over https'],
			['test/unit/cos/signing/authorize.test.ts', 'goes to the custom domain, port included'],
			[
				'test/engine/credential.test.ts',
				'Test reports each of these separately: wrong key, wrong secret, wrong clock and invalid values',
			],
			[
				'test/engine/endpoints.test.ts',
				'Test reports each of these separately: wrong bucket, wrong region and no permission to list',
			],
			[
				'test/engine/httpRequest.test.ts',
				'the HTTP Request node can list the bucket, with special characters in the query',
			],
			[
				'test/engine/httpRequest.test.ts',
				'the credential does not sign requests to %s, and the message says why',
			],
		],
	},
	{
		statement: 'Import them in n8n with **Import from file**. Each has notes that explain it.',
		tests: [
			['test/unit/docs/settings.test.ts', 'the example %s has notes, the first under its name'],
			['test/n8n/editorChecks.ts', 'the example ${name} opens without a warning'],
			['test/unit/docs/readme.test.ts', 'the README lists every example'],
		],
	},
	{
		statement: '| repair-on-download | repairs a stored image and returns it as binary data |',
		tests: [
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
			[
				'test/engine/modes.test.ts',
				'download returns the repaired image as binary data and stores nothing',
			],
			[
				'test/n8n/serverChecks.ts',
				'download: n8n has stored the repaired image, and the JSON describes it',
			],
		],
	},
	{
		statement:
			'| repair-on-upload | stores an image of the workflow together with a repaired copy |',
		tests: [
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
			[
				'test/engine/modes.test.ts',
				'upload stores the original unchanged and the repaired image beside it',
			],
			['test/n8n/serverChecks.ts', 'upload: the original and the repaired image are in the bucket'],
		],
	},
	{
		statement: '| repair-in-bucket | repairs a stored image and stores the result |',
		tests: [
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
			[
				'test/engine/modes.test.ts',
				'cloud stores the repaired image as another object and sends no body',
			],
			[
				'test/n8n/serverChecks.ts',
				'cloud: the repaired image is in the bucket, and n8n has received no image',
			],
		],
	},
	{
		statement:
			'| clean-new-uploads | the trigger: repairs each image that is uploaded to a folder |',
		tests: [
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
			['test/n8n/triggerChecks.ts', 'every image was repaired exactly once'],
			[
				'test/engine/trigger.test.ts',
				'every image is repaired once, and results %s are not repaired',
			],
		],
	},
	{
		statement: '| clean-folder-nightly | lists a folder every night and repairs new images |',
		tests: [
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
			['test/n8n/chainChecks.ts', 'a schedule: new images are repaired, and only once'],
		],
	},
	{
		statement:
			'| webhook-to-storage-and-chat | sends an image from a webhook to the bucket, to another storage and to a chat |',
		tests: [
			[
				'test/n8n/chainChecks.ts',
				'a webhook: the image arrives in the bucket, the other storage and the chat',
			],
		],
	},
	{
		statement:
			'| remove-text-watermarks | removes one word from a folder of images, wherever it stands |',
		tests: [
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
			['test/n8n/detectionChecks.ts', 'a text is removed wherever it stands, and only once'],
		],
	},
	{
		statement:
			'| vision-model-finds-logo | an AI model says where the logo is; its response is pinned |',
		tests: [
			['test/n8n/detectionChecks.ts', 'what a model has found is repaired, and nothing else'],
			[
				'test/unit/docs/readme.test.ts',
				'every example says what is pinned, or that nothing is: its import by command would store null',
			],
		],
	},
	{
		statement:
			'| approve-detected-areas | detects text, asks a person by chat and form, and repairs what was approved |',
		tests: [
			['test/n8n/detectionChecks.ts', 'a person approves what was found: it is repaired'],
			['test/n8n/detectionChecks.ts', 'a person keeps what was found: no repair is billed'],
		],
	},
	{
		statement:
			'| approve-before-publishing | shows a person both images before the result is published |',
		tests: [
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
			[
				'test/n8n/publishChecks.ts',
				'a person who has seen both images approves: the result is published',
			],
			['test/n8n/publishChecks.ts', 'a person declines: the result is set aside'],
		],
	},
	{
		statement:
			'| new-upload-event | repairs an image at the event of its upload, sent by a cloud function (docs/events.md) |',
		tests: [
			['test/n8n/eventChecks.ts', 'an event of the bucket: its image is repaired, and only once'],
			['test/engine/events.test.ts', 'an uploaded image is repaired at once, whatever its key: %s'],
			[
				'test/unit/docs/events.test.ts',
				'the cloud function on the page is the file that is tested, and has no more than twelve lines',
			],
		],
	},
	{
		statement:
			'| clean-archive | shares a large folder out to all workers of n8n (docs/workers.md) |',
		tests: [
			[
				'test/n8n/workersChecks.ts',
				'the next run repairs what is missing: each image is stored once and billed once',
			],
			[
				'test/n8n/chainChecks.ts',
				'an archive: in batches, and each run goes on where the last one ended',
			],
		],
	},
	{
		statement: '| clean-archive-batch | the part of clean-archive that a worker runs |',
		tests: [
			[
				'test/n8n/workersChecks.ts',
				'the next run repairs what is missing: each image is stored once and billed once',
			],
			[
				'test/n8n/workersChecks.ts',
				'a worker is killed: the others go on, and the run says what is missing',
			],
		],
	},
	{
		statement: '| list-bucket | uses the credential in the HTTP Request node |',
		tests: [
			['test/unit/docs/settings.test.ts', '%s has a node %s with what the README says of it'],
			[
				'test/engine/httpRequest.test.ts',
				'the HTTP Request node can list the bucket, with special characters in the query',
			],
			['test/n8n/editorChecks.ts', 'the example ${name} opens without a warning'],
		],
	},
	{
		statement:
			'Tencent Cloud bills each repair, even if you do not use the result. The node helps you pay only for what you need (docs/billing.md):',
		tests: [
			[
				'test/conformance/sandbox/ledger.test.ts',
				'goes on when the client has left, and its time stamps are those of its end',
			],
			['test/conformance/sandbox/ledger.test.ts', 'a lost response leaves no status in the ledger'],
		],
	},
	{
		statement:
			'**Checks first.** All parameters, areas, masks and results of an item are checked before its first request. Areas and masks are also checked against the image before the billed call (_Check Area First_). Files that are no image, cut short or beyond the limits are refused by what they are, and animations, of which one frame comes back, are sent only if you say so (docs/images.md).',
		tests: [
			[
				'test/engine/badInput.test.ts',
				'%s: the message names the field and says what to do, and no request is sent',
			],
			[
				'test/engine/unknownValues.test.ts',
				'the area of an additional result is checked before the first request of the item',
			],
			[
				'test/engine/areas.test.ts',
				'that reach outside the image are rejected before the billed call, in every mode',
			],
			[
				'test/engine/imageChecks.test.ts',
				'that cannot be meant as it is is refused in all modes, and nothing is billed',
			],
			[
				'test/engine/corpus.test.ts',
				'whatever is no image is refused by what it is, and costs nothing',
			],
			['test/engine/imageChecks.test.ts', 'with %s is refused before it is paid for'],
			[
				'test/engine/badInput.test.ts',
				'upload of %s: the message names the field, and nothing is sent or stored',
			],
			[
				'test/engine/imageChecks.test.ts',
				'that is animated is refused in %s mode, and nothing is billed',
			],
			[
				'test/engine/imageChecks.test.ts',
				'that is animated is repaired with Allow Animated, without a question before',
			],
		],
	},
	{
		statement:
			'**Never paid twice.** A call that may have been billed is not made again, unless you switch _Retry Lost Calls_ on. The node looks for the result of a lost upload or repair in the bucket for half a minute. Items that ask for the same repair share one call.',
		tests: [
			['test/engine/faults.test.ts', '%s: a download is not billed twice'],
			[
				'test/engine/paidCalls.test.ts',
				'what may have been done is made again only with Retry Lost Calls',
			],
			['test/engine/faults.test.ts', '%s: a stored result is found and not billed twice'],
			['test/unit/node/lostResults.test.ts', 'what never comes is looked for about half a minute'],
			['test/engine/paidCalls.test.ts', 'by five items of a run that ask for the same: %s'],
		],
	},
	{
		statement:
			'**Retry On Fail costs nothing.** What one try has paid for is the output of the next.',
		tests: [
			[
				'test/engine/paidCalls.test.ts',
				'%s: each good picture is billed once although one key is bad',
			],
			[
				'test/engine/paidCalls.test.ts',
				'an image that was downloaded in a try that failed is passed on by the next one',
			],
			['test/n8n/retryChecks.ts', 'three tries, each image is billed once'],
		],
	},
	{
		statement:
			'**Skip Existing Results** repairs no image again whose results are in the bucket already, in nightly runs for example. In doubt it repairs. It cannot look into another bucket.',
		tests: [
			['test/engine/paidCalls.test.ts', 'skips what was made of this very image'],
			['test/n8n/chainChecks.ts', 'a schedule: new images are repaired, and only once'],
			[
				'test/engine/paidCalls.test.ts',
				'repairs an image that was replaced in the second its result was stored',
			],
			[
				'test/engine/images.test.ts',
				'cannot be checked, so Skip Existing Results repairs them again',
			],
		],
	},
	{
		statement:
			'**Results are looked at.** _Verify Result_ compares each result with its original, and tells or refuses one that is unchanged, changed elsewhere, turned or resized (docs/verification.md). _Temporary Links_ let a person see both images before anything is published.',
		tests: [
			['test/engine/verify.test.ts', 'says of a good repair what has changed, and what that took'],
			['test/engine/verify.test.ts', 'tells a result that is wrong: %s is %s'],
			[
				'test/engine/verify.test.ts',
				'lets an item fail that is not as it should be, with all that was paid for, once',
			],
			['test/engine/links.test.ts', 'open the original and the result without a key'],
			[
				'test/n8n/publishChecks.ts',
				'a person who has seen both images approves: the result is published',
			],
		],
	},
	{
		statement:
			'**Nothing found, nothing repaired.** With Found Text and Found Logo, an image without the mark costs a detection and no repair. Detections have a price of their own, and are counted apart.',
		tests: [
			[
				'test/engine/detection.test.ts',
				'nothing, leaves the image as it is, and no repair is billed',
			],
			['test/engine/detection.test.ts', 'as %s is repaired with a margin, and told'],
			[
				'test/conformance/sandbox/detections.test.ts',
				'%s is billed as a detection and not as a repair',
			],
		],
	},
	{
		statement: '**Max Billed Calls** limits what one node can cost in one execution.',
		tests: [
			[
				'test/engine/paidCalls.test.ts',
				'%s: no more is paid, and what is beyond leaves unrepaired',
			],
			[
				'test/unit/node/run/budget.test.ts',
				'however many items run at a time and end as they may, no more is spent than allowed',
			],
			[
				'test/unit/node/run/memory.test.ts',
				'what was spent counts over all rounds of the execution',
			],
			['test/unit/docs/settings.test.ts', '%s is an option'],
		],
	},
	{
		statement: '**Dry Run** shows what would be sent and how many calls would be billed.',
		tests: [
			['test/engine/runs.test.ts', 'shows the request without sending it, in every mode'],
			['test/engine/paidCalls.test.ts', 'Dry Run counts in the same way'],
			['test/unit/docs/settings.test.ts', '%s is an option'],
		],
	},
	{
		statement:
			"**Nothing is lost.** An item that fails after it was paid for says what was stored, and where. A line above the node's output counts repaired, skipped and failed items, retries and billed calls.",
		tests: [
			['test/engine/paidCalls.test.ts', 'the download of the result'],
			[
				'test/engine/verify.test.ts',
				'lets an item fail that is not as it should be, with all that was paid for, once',
			],
			[
				'test/engine/paidCalls.test.ts',
				'an item that stops the run names what the others have paid for',
			],
			['test/engine/runs.test.ts', 'sums up several items, including failed ones'],
			[
				'test/engine/runs.test.ts',
				'repairs only missing results, and marks the other items as skipped',
			],
			['test/engine/detection.test.ts', 'is asked for again when the service was busy'],
		],
	},
	{
		statement:
			'The service accepts JPG, PNG, BMP, GIF, WebP and HEIF images of up to 32 MB, 50,000 pixels on each side (WebP: 16,383) and 250 million pixels in total. An animation has at most 300 frames, and its frames count together. Upload and Repair Image and Repair Image in Bucket are limited to 100 requests per second for a bucket in mainland China, and to 50 in finance regions and everywhere else; the node keeps to that. An object key has at most 850 bytes.',
		tests: [
			[
				'test/unit/docs/settings.test.ts',
				'the limits in the README are those that the node checks',
			],
			['test/unit/cos/images/fileKind.test.ts', 'hold for %s'],
			['test/unit/cos/images/fileKind.test.ts', 'are broken by too many: %s'],
			['test/unit/cos/images/format.test.ts', 'show %s'],
			['test/unit/node/pace.test.ts', 'the service takes so many storing calls a second in %s: %i'],
			[
				'test/engine/runs.test.ts',
				'without it, all runs together keep to what the service takes for the bucket',
			],
			[
				'test/unit/cos/location/objectKey.test.ts',
				'may be 850 bytes long, and no longer, whatever the characters',
			],
		],
	},
	{
		statement:
			"**By hand**, if community nodes cannot be installed in the settings: in n8n's `.n8n/nodes` folder (`/home/node/.n8n/nodes` in the Docker image) run `npm install --omit=peer n8n-nodes-tencent-image-repair`, then restart n8n.",
		tests: [
			['test/n8n/main.ts', 'npm install --omit=peer n8n-nodes-tencent-image-repair'],
			[
				'test/n8n/serverChecks.ts',
				'the server sends the node, both icons and the credential to the editor',
			],
			['test/unit/docs/readme.test.ts', 'CI runs the command of the README: %s'],
		],
	},
	{
		statement:
			'**Servers that scale or restart without a volume** lose what is in `/home/node/.n8n`. Set `N8N_REINSTALL_MISSING_PACKAGES=true`: n8n then installs at its start what its database says was installed.',
		tests: [['test/n8n/serverChecks.ts', 'n8n knows N8N_REINSTALL_MISSING_PACKAGES']],
	},
	{
		statement:
			'**Queue mode**: every worker needs the node. Files have to be where all processes read them: in the database or in an S3-compatible store, for which n8n asks for a license. Both are tested (docs/playground.md).',
		tests: [
			['test/n8n/queueChecks.ts', 'both workers share 200 items in 10 executions'],
			[
				'test/n8n/queueChecks.ts',
				'every result is stored once and equals that of a single process',
			],
			[
				'test/n8n/storageChecks.ts',
				'upload of what the other process has stored: the results of ${ITEMS} items are those of one process',
			],
			['test/n8n/storageChecks.ts', "n8n's server does not start if it is to write to the store"],
			[
				'test/n8n/storageChecks.ts',
				"in n8n's server, the node repairs files that are in the store already",
			],
		],
	},
	{
		statement:
			'**Proxies**: the node sends its requests through n8n, so `HTTPS_PROXY`, `NO_PROXY` and `NODE_EXTRA_CA_CERTS` of n8n apply. A message says when a proxy is in the way, and what to do.',
		tests: [
			['test/engine/noProxy.test.ts', 'with NO_PROXY "%s", the proxy is asked for the bucket: %s'],
			['test/engine/endpoints.test.ts', '%s sends requests to %s over https'],
			[
				'test/engine/network.test.ts',
				'but responds with %i is named, and nothing is tried again, in all modes',
			],
			[
				'test/engine/network.test.ts',
				'but resets the connection is named, and tried again, in all modes',
			],
			['test/engine/bundle.test.ts', 'uses no network, file system, environment or timer'],
		],
	},
	{
		statement:
			'**Memory**: images are streamed, so neither their size nor their number matters (docs/bench.md). That holds where n8n keeps files on disk (`N8N_DEFAULT_BINARY_DATA_MODE=filesystem`).',
		tests: [
			[
				'test/engine/memory.test.ts',
				'%s: images that n8n keeps on disk are not in memory, however many there are',
			],
		],
	},
	{
		statement:
			'| 2.41.1 | 24 | the packed tarball in the server, the three repair modes, chained workflows, the trigger, AI agents, the editor, queue mode, files in an S3-compatible store, the playground |',
		tests: [
			...IN_A_SERVER,
			['test/n8n/main.ts', "name: 'chains'"],
			['test/n8n/main.ts', "name: 'trigger'"],
			['test/n8n/main.ts', "name: 'tool'"],
			['test/n8n/main.ts', "name: 'editor'"],
			['test/n8n/main.ts', "name: 'queue'"],
			['test/n8n/main.ts', "name: 'storage'"],
			['test/n8n/main.ts', "name: 'playground'"],
		],
	},
	{
		statement:
			'| 1.123.81 | 20 | the packed tarball in the server, the three repair modes, chained workflows, the trigger, AI agents |',
		tests: [
			...IN_A_SERVER,
			['test/n8n/main.ts', "name: 'last-of-1'"],
			['test/n8n/main.ts', "name: 'chains-of-1'"],
			['test/n8n/main.ts', "name: 'trigger-of-1'"],
			['test/n8n/main.ts', "name: 'tool-of-1'"],
		],
	},
	{
		statement:
			'**Which of the three repair modes should I use?** _Download Repaired Image_ if the workflow needs the image. _Repair Image in Bucket_ if the result only has to be in the bucket: no image passes through n8n. _Upload and Repair Image_ if the image is not in the bucket yet.',
		tests: [
			[
				'test/n8n/serverChecks.ts',
				'download: n8n has stored the repaired image, and the JSON describes it',
			],
			['test/n8n/serverChecks.ts', 'upload: the original and the repaired image are in the bucket'],
			[
				'test/n8n/serverChecks.ts',
				'cloud: the repaired image is in the bucket, and n8n has received no image',
			],
			[
				'test/engine/modes.test.ts',
				'cloud stores the repaired image as another object and sends no body',
			],
			['test/unit/docs/settings.test.ts', 'the setting that the README names is in the node: %s'],
		],
	},
	{
		statement:
			'**How do I use one setting for images of different sizes?** Use _Rectangles_ in percent, measured from the corner that the logo is in.',
		tests: [
			['test/engine/areas.test.ts', 'in percent mark the same part of an image of any size'],
			['test/unit/cos/areas/rectangles.test.ts', 'are measured from %s in %s'],
			['test/n8n/editorChecks.ts', 'rectangles can be entered in percent from a corner'],
		],
	},
	{
		statement:
			'**All my uploads are called `image.png`. What happens?** By default the later one takes the place of the earlier one, and two different ones in one run are refused. Put `{id}` into _Store As_, or choose _Add a Number_ under Options, _If the Key Exists_ (docs/parameters.md).',
		tests: [
			[
				'test/engine/upload.test.ts',
				'Overwrite looks at no key, and tells what it has replaced where Skip Existing Results has looked',
			],
			[
				'test/engine/upload.test.ts',
				'are stored with the original, unlike with its results, and make two uploads under one key clash',
			],
			[
				'test/unit/node/run/register.test.ts',
				'files are the same by their bytes, whatever n8n calls them',
			],
			[
				'test/engine/upload.test.ts',
				'a random key is that of all tries: neither a stored upload nor a lost one is paid for again',
			],
			[
				'test/engine/upload.test.ts',
				'Add a Number gives each image a key of its own, in the order of the items and night after night',
			],
			['test/unit/docs/settings.test.ts', 'the setting that the README names is in the node: %s'],
		],
	},
	{
		statement:
			'**Why was something removed that is not a logo?** With _Automatic_, the service decides what to remove. Choose another area.',
		tests: [
			['test/engine/modes.test.ts', 'automatic sends neither polygons nor a mask'],
			['test/engine/runs.test.ts', 'shows that the service detects the area'],
			['test/unit/sandbox/repair.test.ts', '%s: all pixels in the area change and no others'],
		],
	},
	{
		statement: '**Is the original kept?** Yes, unless _Overwrite Original_ is on.',
		tests: [
			['test/engine/modes.test.ts', 'the original is overwritten only if Overwrite Original is on'],
			[
				'test/engine/modes.test.ts',
				'upload stores the original unchanged and the repaired image beside it',
			],
			[
				'test/engine/modes.test.ts',
				'download returns the repaired image as binary data and stores nothing',
			],
		],
	},
	{
		statement:
			'**Is my image sent anywhere else?** No, only to your own bucket (docs/security.md).',
		tests: [
			['test/engine/endpoints.test.ts', 'no other host is asked'],
			['test/engine/bundle.test.ts', 'uses no network, file system, environment or timer'],
			['test/engine/faultsRecovery.test.ts', 'with status %i is not followed'],
			['test/unit/cos/signing/authorize.test.ts', 'is not signed: %s'],
		],
	},
	{
		statement: '**May I remove any watermark?** The node is for your own or licensed images.',
		tests: [
			['test/unit/docs/settings.test.ts', 'the README and n8n say alike what the node is for'],
		],
	},
	{
		statement:
			'**What does this message mean?** docs/troubleshooting.md lists every message and what to do about it.',
		tests: [
			[
				'test/unit/docs/troubleshooting.test.ts',
				'the troubleshooting page is up to date: run "npm run docs" after a change of messages',
			],
			[
				'test/unit/docs/troubleshooting.test.ts',
				'"$message" is followed by advice in complete sentences',
			],
		],
	},
];
