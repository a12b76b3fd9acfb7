/** The part of n8n's scanner that is used here; the package brings no types. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	import type { Linter } from 'eslint';

	export interface ScanResult {
		passed: boolean;
		message?: string;
		/** ESLint's report. */
		details?: string;
	}
	/** The ESLint configuration of the gate. */
	export function buildScanConfig(): Promise<Linter.Config[]>;
	export const SOURCE_FILE_PATTERNS: string[];
	export function analyzePackage(folder: string, patterns: string[]): Promise<ScanResult>;
}
