import { CosFailure } from '../http/failure';
import { isObject } from '../http/json';
import { neededPermissions, READINGS, type AskedCall, type Reading } from './neededPermissions';
import { isAllowed, readPolicy, type Policy, type PolicyDocument } from './policy';

/** What the account may do, and which actions a call needs. */
export interface PolicyOptions {
	/** `strict` by default */
	readonly reading?: Reading;
	/** by default, the account may do everything */
	readonly document?: PolicyDocument;
}

const isReading = (value: unknown): value is Reading =>
	READINGS.some((reading) => reading === value);

/** Checks calls against the policy of the account. */
export class Permissions {
	private reading: Reading = 'strict';
	private policy: Policy | undefined;

	constructor(private readonly region: string) {}

	/**
	 * Changes what is given. The rest stays as it is.
	 * @param options `PolicyOptions` that have not been checked
	 * @throws CosFailure `InvalidArgument` that says what is wrong; then nothing is changed
	 */
	set(options: unknown): void {
		const isKnown = (name: string) => name === 'reading' || name === 'document';
		if (!isObject(options) || !Object.keys(options).every(isKnown)) {
			throw new CosFailure(
				'InvalidArgument',
				'The policy is set by {"reading": <strict|lenient>, "document": <CAM policy>}.',
			);
		}
		const { reading = this.reading, document = this.policy } = options;
		if (!isReading(reading)) {
			const given = JSON.stringify(reading);
			throw new CosFailure(
				'InvalidArgument',
				`The reading must be ${READINGS.join(' or ')}, not ${given}.`,
			);
		}
		this.policy = document === undefined ? undefined : readPolicy(document);
		this.reading = reading;
	}

	/** Lets the account do everything again. The reading stays. */
	clear(): void {
		this.policy = undefined;
	}

	show(): { readonly reading: Reading; readonly document: Policy | null } {
		return { reading: this.reading, document: this.policy ?? null };
	}

	/** @throws CosFailure `AccessDenied` that names the permission */
	check(call: AskedCall): void {
		const { policy, region, reading } = this;
		if (!policy) return;
		const missing = neededPermissions(call, { region, reading }).find(
			(permission) => !isAllowed(policy, permission),
		);
		if (!missing) return;
		const { action, resource } = missing;
		throw new CosFailure(
			'AccessDenied',
			`Access Denied. The policy of the account does not allow ${action} on ${resource}.`,
		);
	}
}
