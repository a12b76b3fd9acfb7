exports.main_handler = async ({ Records }) => {
	for (const { cos, event } of Records) {
		const { url, size, meta } = cos.cosObject;
		const key = decodeURIComponent(new URL(url).pathname.slice(1));
		const body = { key, size, etag: meta?.ETag, event: event.eventName, time: event.eventTime };
		const headers = { 'Content-Type': 'application/json', 'X-Secret': process.env.SECRET };
		const request = { method: 'POST', headers, body: JSON.stringify(body) };
		const { status } = await fetch(process.env.WEBHOOK, request);
		if (status !== 200) throw new Error(`n8n answered ${status} for ${key}`);
	}
};
