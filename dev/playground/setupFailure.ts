/** Something on the machine keeps n8n from being installed or started; the message says what to do. */
export class SetupFailure extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'SetupFailure';
	}
}
