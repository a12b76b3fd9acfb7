import {
	nextStep,
	stateOf,
	type Circumstances,
	type Evidence,
	type Step,
} from '../../../nodes/shared/callState';

const RETRIES = ['never', 'later', 'afterClock'] as const;
const SWITCHES = [false, true];

const EVIDENCE: Evidence[] = [
	...SWITCHES.map((passing): Evidence => ({ kind: 'notSent', passing })),
	...RETRIES.map((retry): Evidence => ({ kind: 'refused', retry })),
	...RETRIES.map((retry): Evidence => ({ kind: 'lost', retry })),
];

const CIRCUMSTANCES: Circumstances[] = SWITCHES.flatMap((paid) =>
	SWITCHES.flatMap((attemptsLeft) =>
		SWITCHES.flatMap((clockWasSet) =>
			SWITCHES.flatMap((canLook) =>
				SWITCHES.map((retryLost) => ({ paid, attemptsLeft, clockWasSet, canLook, retryLost })),
			),
		),
	),
);

const ALL = EVIDENCE.flatMap((evidence) =>
	CIRCUMSTANCES.map((circumstances) => ({
		evidence,
		...circumstances,
		step: nextStep(evidence, circumstances),
	})),
);

const sends: Step[] = ['later', 'setClock'];

describe('the next step of a call, for every evidence in all circumstances', () => {
	test('a paid call that may have been done is sent again only with Retry Lost Calls', () => {
		const sentAgain = ALL.filter(
			({ paid, evidence, step }) => paid && stateOf(evidence) === 'unknown' && sends.includes(step),
		);
		expect(sentAgain.length).toBeGreaterThan(0);
		expect(sentAgain.every(({ retryLost, canLook }) => retryLost && !canLook)).toBe(true);
	});

	test('what can be looked for is looked for before anything else', () => {
		const lost = ALL.filter(
			({ paid, canLook, evidence }) => paid && canLook && evidence.kind === 'lost',
		);
		expect(lost.every(({ step }) => step === 'look')).toBe(true);
		const others = ALL.filter(({ paid, evidence }) => !paid || evidence.kind !== 'lost');
		expect(others.some(({ step }) => step === 'look')).toBe(false);
	});

	test('what the service refuses for good, or what can never leave, is not sent again', () => {
		const final = ALL.filter(
			({ evidence }) =>
				(evidence.kind === 'refused' && evidence.retry === 'never') ||
				(evidence.kind === 'notSent' && !evidence.passing),
		);
		expect(final.every(({ step }) => step === 'fail')).toBe(true);
	});

	test('what the service did not do for now, or what did not leave, is sent again after a pause', () => {
		const passing = ALL.filter(
			({ evidence }) =>
				(evidence.kind === 'refused' && evidence.retry === 'later') ||
				(evidence.kind === 'notSent' && evidence.passing),
		);
		expect(
			passing.every(({ step, attemptsLeft }) => step === (attemptsLeft ? 'later' : 'fail')),
		).toBe(true);
	});

	test('the clock is set once, whatever Retries say', () => {
		const forClock = ALL.filter(
			({ evidence }) => evidence.kind === 'refused' && evidence.retry === 'afterClock',
		);
		expect(
			forClock.every(({ step, clockWasSet }) => step === (clockWasSet ? 'fail' : 'setClock')),
		).toBe(true);
		expect(ALL.filter(({ step }) => step === 'setClock')).toHaveLength(forClock.length / 2);
	});

	test('nothing is sent after a pause when no attempts are left', () => {
		expect(ALL.some(({ step, attemptsLeft }) => step === 'later' && !attemptsLeft)).toBe(false);
	});

	test('an unpaid call that brought no response is made again, unless a gateway refused it', () => {
		const lost = ALL.filter(
			({ paid, attemptsLeft, evidence }) => !paid && attemptsLeft && evidence.kind === 'lost',
		);
		expect(
			lost.every(
				({ evidence, step }) =>
					step === ('retry' in evidence && evidence.retry === 'never' ? 'fail' : 'later'),
			),
		).toBe(true);
	});
});

test.each<[Evidence, string]>([
	[{ kind: 'notSent', passing: true }, 'notSent'],
	[{ kind: 'notSent', passing: false }, 'notSent'],
	[{ kind: 'refused', retry: 'later' }, 'refused'],
	[{ kind: 'lost', retry: 'never' }, 'unknown'],
])('the state of a paid call by %j is %s', (evidence, state) => {
	expect(stateOf(evidence)).toBe(state);
});
