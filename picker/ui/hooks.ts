import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ImageSize } from '../../cos/areas/points';
import type { Editor } from '../drawing/editor';
import { pressKey } from '../drawing/keys';
import type { View } from '../geometry/view';
import type { Image } from '../image/openImage';

/** Opens files dropped or pasted anywhere on the page. @returns whether a file is over the page */
export function useDroppedFiles(onFile: (file: File) => void): boolean {
	const [isOver, setOver] = useState(false);
	useEffect(() => {
		const listeners = new AbortController();
		const { signal } = listeners;
		const over = (event: DragEvent) => {
			event.preventDefault();
			setOver(true);
		};
		const leave = (event: DragEvent) => {
			if (event.relatedTarget === null) setOver(false);
		};
		const drop = (event: DragEvent) => {
			event.preventDefault();
			setOver(false);
			const file = event.dataTransfer?.files[0];
			if (file) onFile(file);
		};
		const paste = (event: ClipboardEvent) => {
			const file = event.clipboardData?.files[0];
			if (file) onFile(file);
		};
		addEventListener('dragover', over, { signal });
		addEventListener('dragleave', leave, { signal });
		addEventListener('drop', drop, { signal });
		addEventListener('paste', paste, { signal });
		return () => listeners.abort();
	}, [onFile]);
	return isOver;
}

/** Keys that work wherever the focus is; the others, such as Enter, belong to the focused element. */
const PAGE_KEYS = /^(?:[vrp?+=0-]|Delete|Escape|z|y)$/i;

function hasOwnKeys(target: EventTarget | null): boolean {
	return target instanceof Element && target.closest('input, textarea, select, dialog') !== null;
}

/** Runs the commands of keys pressed outside the drawing area. */
export function usePageKeys(getEditor: () => Editor | undefined): void {
	useEffect(() => {
		const press = (event: KeyboardEvent) => {
			const editor = getEditor();
			if (!editor || event.defaultPrevented || hasOwnKeys(event.target)) return;
			if (event.target !== document.body && !PAGE_KEYS.test(event.key)) return;
			if (pressKey(event, editor)) event.preventDefault();
		};
		addEventListener('keydown', press);
		return () => removeEventListener('keydown', press);
	}, [getEditor]);
}

/** Asks before the page is closed with shapes on it. */
export function useCloseWarning(isNeeded: boolean): void {
	useEffect(() => {
		if (!isNeeded) return;
		const warn = (event: BeforeUnloadEvent) => event.preventDefault();
		addEventListener('beforeunload', warn);
		return () => removeEventListener('beforeunload', warn);
	}, [isNeeded]);
}

const TOUCH = '(pointer: coarse)';

/** Whether people point with a finger, as on a phone: the page then speaks of no keys and no mouse. */
export function useTouch(): boolean {
	const [isTouch, setTouch] = useState(() => matchMedia(TOUCH).matches);
	useEffect(() => {
		const query = matchMedia(TOUCH);
		const change = () => setTouch(query.matches);
		query.addEventListener('change', change);
		return () => query.removeEventListener('change', change);
	}, []);
	return isTouch;
}

/** Paints the image at most once per frame. @returns the canvas */
export function usePaintedImage({ pyramid }: Image, view: View, viewport: ImageSize) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const frame = useRef(0);
	useLayoutEffect(() => {
		cancelAnimationFrame(frame.current);
		frame.current = requestAnimationFrame(() => {
			const context = canvas.current?.getContext('2d');
			if (!context) return;
			const density = devicePixelRatio;
			const [width, height] = [viewport.width * density, viewport.height * density].map(Math.round);
			if (context.canvas.width !== width) context.canvas.width = width ?? 0;
			if (context.canvas.height !== height) context.canvas.height = height ?? 0;
			context.clearRect(0, 0, context.canvas.width, context.canvas.height);
			pyramid.draw(context, view, density);
		});
	}, [pyramid, view, viewport]);
	return canvas;
}
