import type { Account } from '../cos/signing/authorize';
import type { EndpointKind } from '../cos/location/endpoint';

/** The value of Region that stands for "a name that is not on the list". */
export const OTHER_REGION = 'other';

const ENDPOINTS: readonly EndpointKind[] = [
	'default',
	'tencentcos',
	'accelerate',
	'internal',
	'custom',
];

/**
 * A credential's fields as n8n stores them → account and bucket. Spaces that came along with a
 * copied value are dropped; whether the values can be is checked where they are used.
 */
export function readAccount(data: Readonly<Record<string, unknown>>): Account {
	const text = (name: string): string => {
		const value = data[name];
		return typeof value === 'string' ? value.trim() : '';
	};
	const region = text('region');
	return {
		keys: {
			secretId: text('secretId'),
			secretKey: text('secretKey'),
			securityToken: text('securityToken') || undefined,
		},
		location: {
			bucket: text('bucket'),
			region: region === OTHER_REGION ? text('otherRegion') : region,
			endpoint: ENDPOINTS.find((kind) => kind === text('endpoint')) ?? 'default',
			customDomain: text('customDomain') || undefined,
		},
	};
}
