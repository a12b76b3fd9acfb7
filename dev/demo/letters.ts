interface Letter {
	/** SVG path. */
	path: string;
	/** As a fraction of the letter's height. */
	width: number;
}

const A = { path: 'M0 1L.36 0L.72 1M.13 .66H.59', width: 0.72 };
const E = { path: 'M.52 0H0V1H.52M0 .49H.44', width: 0.52 };
const L = { path: 'M0 0V1H.5', width: 0.5 };
const M = { path: 'M0 1V0L.42 .66L.84 0V1', width: 0.84 };
const P = { path: 'M0 1V0H.3C.72 0 .72 .56 .3 .56H0', width: 0.6 };
const S = {
	path: 'M.6 .16C.5 -.06 .08 -.04 .07 .25C.06 .54 .62 .44 .61 .75C.6 1.05 .12 1.05 .02 .83',
	width: 0.62,
};

/** Strokes of capital letters and Chinese characters, one unit high. */
export const LETTERS: Readonly<Record<string, Letter>> = {
	...{ A, E, L, M, P, S },
	// Cyrillic: the last three look like Latin letters, but are others.
	П: { path: 'M0 1V0H.66V1', width: 0.66 },
	И: { path: 'M0 0V1L.68 0V1', width: 0.68 },
	...{ Е: E, М: M, Р: P },
	中: { path: 'M.06 .22H.94V.68H.06ZM.5 0V1', width: 1 },
	国: {
		path: 'M.06 .03H.94V.97H.06ZM.25 .25H.75M.5 .25V.75M.28 .5H.72M.22 .75H.78M.61 .58L.71 .67',
		width: 1,
	},
	山: { path: 'M.5 .02V.92M.08 .32V.92H.92V.32', width: 1 },
	水: {
		path: 'M.5 0V.9Q.5 1 .36 .92M.08 .3H.36Q.3 .65 .04 .86M.88 .2L.54 .42Q.66 .7 .97 .88',
		width: 1,
	},
};
