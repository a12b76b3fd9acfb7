/** A region's name in host names, and the name of the place. */
export interface Region {
	readonly id: string;
	readonly place: string;
}

/** The regions of "Regions and Domains". The list grows: any other name is accepted too. */
export const REGIONS: readonly Region[] = [
	{ id: 'ap-bangkok', place: 'Bangkok' },
	{ id: 'ap-beijing', place: 'Beijing' },
	{ id: 'ap-beijing-1', place: 'Beijing Zone 1' },
	{ id: 'ap-beijing-fsi', place: 'Beijing Finance' },
	{ id: 'ap-chengdu', place: 'Chengdu' },
	{ id: 'ap-chongqing', place: 'Chongqing' },
	{ id: 'ap-guangzhou', place: 'Guangzhou' },
	{ id: 'ap-hongkong', place: 'Hong Kong' },
	{ id: 'ap-jakarta', place: 'Jakarta' },
	{ id: 'ap-mumbai', place: 'Mumbai' },
	{ id: 'ap-nanjing', place: 'Nanjing' },
	{ id: 'ap-seoul', place: 'Seoul' },
	{ id: 'ap-shanghai', place: 'Shanghai' },
	{ id: 'ap-shanghai-fsi', place: 'Shanghai Finance' },
	{ id: 'ap-shenzhen-fsi', place: 'Shenzhen Finance' },
	{ id: 'ap-singapore', place: 'Singapore' },
	{ id: 'ap-tokyo', place: 'Tokyo' },
	{ id: 'eu-frankfurt', place: 'Frankfurt' },
	{ id: 'eu-moscow', place: 'Moscow' },
	{ id: 'na-ashburn', place: 'Virginia' },
	{ id: 'na-siliconvalley', place: 'Silicon Valley' },
	{ id: 'na-toronto', place: 'Toronto' },
	{ id: 'sa-saopaulo', place: 'São Paulo' },
];

/** Public regions of mainland China. */
const MAINLAND: ReadonlySet<string> = new Set([
	'ap-beijing',
	'ap-beijing-1',
	'ap-chengdu',
	'ap-chongqing',
	'ap-guangzhou',
	'ap-nanjing',
	'ap-shanghai',
]);

/**
 * Calls a second that store results, for one bucket ("Usage Limits", 460/36620): 100 in the public regions
 * of mainland China, 50 in finance regions and everywhere else. Downloads have a limit that nobody meets.
 */
export function storingCallsPerSecond(region: string): number {
	return MAINLAND.has(region) ? 100 : 50;
}
