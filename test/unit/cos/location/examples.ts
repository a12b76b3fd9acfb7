import fc from 'fast-check';

import { CHARACTER } from '../../../character';
import {
	locateBucket,
	type BucketPlace,
	type EndpointKind,
} from '../../../../cos/location/endpoint';
import { objectKey } from '../../../../cos/location/objectKey';

export const place: BucketPlace = {
	bucket: 'examplebucket-1250000000',
	region: 'ap-guangzhou',
	endpoint: 'default',
};

export const location = locateBucket(place);

export const HOSTS: Record<Exclude<EndpointKind, 'custom'>, string> = {
	default: 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com',
	tencentcos: 'examplebucket-1250000000.cos.ap-guangzhou.tencentcos.cn',
	accelerate: 'examplebucket-1250000000.cos.accelerate.myqcloud.com',
	internal: 'examplebucket-1250000000.cos-internal.ap-guangzhou.tencentcos.cn',
};

/** The endpoints with a documented host. */
export const KINDS = ['default', 'tencentcos', 'accelerate', 'internal'] as const;

export function customPlace(customDomain: string): BucketPlace {
	return { ...place, endpoint: 'custom', customDomain };
}

/** Keys that an object of the bucket can have, odd ones above all. */
export const objectKeys = fc
	.oneof(
		fc.string({ unit: CHARACTER, minLength: 1, maxLength: 40 }),
		fc
			.array(
				fc.constantFrom(
					'/',
					'//',
					' ',
					'+',
					'%',
					'%2F',
					'%2e',
					"!'()*",
					'"',
					'?',
					'#',
					'&',
					'\\',
					'..a',
					'...',
					'中文',
					'😀',
					'\t',
					'\n',
					'@',
					':',
					'a',
				),
				{ minLength: 1, maxLength: 10 },
			)
			.map((pieces) => pieces.join('')),
	)
	.filter((key) => !key.endsWith('/') && !/^[/\\]|[\0\x18-\x1b]/.test(key))
	.filter((key) => !key.split('/').some((segment) => segment === '.' || segment === '..'))
	.map((key) => objectKey(key));
