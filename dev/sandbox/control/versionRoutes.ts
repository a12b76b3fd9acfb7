import { CosFailure } from '../http/failure';
import { isObject, parseJson } from '../http/json';
import type { Store } from '../store/store';
import type { ControlRoute } from './controlServer';

/** `PUT /versioning` with `{"enabled": true}` makes all buckets versioned, `GET` tells whether they are. */
export function versioningRoute(store: Store, mainBucket: string): ControlRoute {
	return {
		name: 'versioning',
		async handle({ method, body }) {
			if (method === 'PUT') {
				const value = parseJson((await body()).toString('utf8'));
				if (!isObject(value) || typeof value.enabled !== 'boolean') {
					throw new CosFailure(
						'InvalidArgument',
						'The versioning takes {"enabled": true or false}.',
					);
				}
				store.setVersioned(value.enabled);
			} else if (method !== 'GET') return undefined;
			return { json: { enabled: store.isVersioned(mainBucket) } };
		},
	};
}

/** `GET /versions/<percent-encoded key>` lists the versions of a key that remain, `GET /versions` all. */
export function versionsRoute(store: Store, mainBucket: string): ControlRoute {
	return {
		name: 'versions',
		handle({ method, rest: key, query }) {
			if (method !== 'GET') return undefined;
			const bucket = query.get('bucket') ?? mainBucket;
			return { json: store.remaining(bucket, key === '' ? undefined : key) };
		},
	};
}
