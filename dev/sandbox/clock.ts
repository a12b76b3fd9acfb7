/** The server's clock: the system clock plus an offset that tests can set. */
export class Clock {
	offsetSeconds = 0;

	/** Unix seconds, with a fraction. */
	now(): number {
		return Date.now() / 1000 + this.offsetSeconds;
	}
}
