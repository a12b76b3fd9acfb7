/** The server's clock: the system clock plus an offset that tests can set. */
export class Clock {
	offsetSeconds = 0;

	/** @param system Unix milliseconds, by default of this machine */
	constructor(private readonly system: () => number = Date.now) {}

	/** Unix seconds, with a fraction. */
	now(): number {
		return this.nowMs() / 1000;
	}

	/** Unix milliseconds. */
	nowMs(): number {
		return this.systemMs() + this.offsetSeconds * 1000;
	}

	/** Unix milliseconds without the offset: for periods, which a changed offset must not stretch. */
	systemMs(): number {
		return this.system();
	}
}
