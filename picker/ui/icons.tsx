import type { JSX } from 'preact';

const PATHS = {
	select: 'M5 3l14 8-6 1.500L10 19z',
	rectangle: 'M4 6h16v12H4z',
	polygon: 'M5 9l8-5 7 7-4 9H7z',
	undo: 'M9 14L4 9l5-5M4 9h10a6 6 0 010 12h-3',
	redo: 'M15 14l5-5-5-5M20 9H10a6 6 0 000 12h3',
	delete: 'M4 7h16M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3',
	zoomIn: 'M12 5v14M5 12h14',
	zoomOut: 'M5 12h14',
	fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
	help: 'M9.200 9a3 3 0 115 2.200c-1.200 1-2.200 1.500-2.200 3.300M12 18.500v.1',
	image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9v.1',
	close: 'M6 6l12 12M18 6L6 18',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: the label beside it names the button. */
export function Icon({ name }: { name: IconName }): JSX.Element {
	return (
		<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
			<path d={PATHS[name]} />
		</svg>
	);
}
