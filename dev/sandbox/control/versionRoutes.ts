import type { Store } from '../store/store';
import type { ControlRoute } from './controlServer';
import { switchRoute } from './switchRoute';

/** `PUT /versioning` with `{"enabled": true}` makes all buckets versioned, `GET` tells whether they are. */
export function versioningRoute(store: Store, mainBucket: string): ControlRoute {
	return switchRoute('versioning', 'enabled', {
		get: () => store.isVersioned(mainBucket),
		set: (isOn) => store.setVersioned(isOn),
	});
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
