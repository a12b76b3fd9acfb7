import { CosFailure } from '../http/failure';
import { isObject, parseJson } from '../http/json';
import type { ControlRoute } from './controlServer';

/** Something that is on or off, and how it is read and set. */
export interface Switch {
	readonly get: () => boolean;
	readonly set: (isOn: boolean) => void;
}

/** `PUT /<name>` with `{"<field>": true}` turns a switch on or off, `GET` tells which it is. */
export function switchRoute(name: string, field: string, { get, set }: Switch): ControlRoute {
	return {
		name,
		async handle({ method, body }) {
			if (method === 'PUT') {
				const value = parseJson((await body()).toString('utf8'));
				const isOn = isObject(value) ? value[field] : undefined;
				if (typeof isOn !== 'boolean') {
					throw new CosFailure('InvalidArgument', `/${name} takes {"${field}": true or false}.`);
				}
				set(isOn);
			} else if (method !== 'GET') return undefined;
			return { json: { [field]: get() } };
		},
	};
}
