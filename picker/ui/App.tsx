import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { ImageSize, Point } from '../../cos/areas/points';
import { draw, EMPTY_DRAWING } from '../drawing/drawing';
import { deleteSelected, pressKey, zoomBy, type KeyWorld } from '../drawing/keys';
import { fitView, type View } from '../geometry/view';
import { carryOver } from '../output/carryOver';
import { checkShapes } from '../output/polygons';
import { openImage, UnreadableImage, type Image } from '../image/openImage';
import { sampleImage } from '../image/sampleImage';
import { BringInDialog } from './BringInDialog';
import { HelpDialog } from './HelpDialog';
import { Icon } from './icons';
import { FIRST_MEASURE, Outputs } from './Outputs';
import { ImageInput } from './ImageInput';
import { ShapeList } from './ShapeList';
import { Stage } from './Stage';
import { Start } from './Start';
import { Toolbar } from './Toolbar';
import { stateInWords } from './words';

const NO_SCREEN: ImageSize = { width: 0, height: 0 };

/** What the arrows and Enter mean to what has the focus is left to it. */
const KEYS_OF_ANY_PLACE = /^(?:[vrp?+=0-]|Delete|Escape|z|y)$/i;

function isTypedInto(target: EventTarget | null): boolean {
	return target instanceof Element && target.closest('input, textarea, select, dialog') !== null;
}

/** Files dropped or pasted anywhere on the page. */
function useFiles(onFile: (file: File) => void): boolean {
	const [isOver, setOver] = useState(false);
	useEffect(() => {
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
		addEventListener('dragover', over);
		addEventListener('dragleave', leave);
		addEventListener('drop', drop);
		addEventListener('paste', paste);
		return () => {
			removeEventListener('dragover', over);
			removeEventListener('dragleave', leave);
			removeEventListener('drop', drop);
			removeEventListener('paste', paste);
		};
	}, [onFile]);
	return isOver;
}

/** The whole page. */
export function App({ logo }: { logo: string }): JSX.Element {
	const [image, setImage] = useState<Image>();
	const [isOpening, setOpening] = useState(false);
	const [notice, setNotice] = useState('');
	const [drawing, dispatch] = useReducer(draw, EMPTY_DRAWING);
	const [measure, setMeasure] = useState(FIRST_MEASURE);
	const [view, setView] = useState<View>({ scale: 1, x: 0, y: 0 });
	const [screen, setScreen] = useState(NO_SCREEN);
	const [cross, setCross] = useState<Point>();
	const [dialog, setDialog] = useState<'help' | 'bringIn'>();
	const [announcement, announce] = useState('');
	const present = useRef({ image, drawing, measure });
	present.current = { image, drawing, measure };

	const open = useCallback(async (file: Blob, name: string) => {
		setOpening(true);
		setNotice('');
		try {
			const next = await openImage(file, name);
			const before = present.current;
			const kept = before.image
				? carryOver(before.drawing.shapes, before.image.size, next.size, before.measure)
				: [];
			const lost = before.drawing.shapes.length - kept.length;
			if (lost > 0) {
				setNotice(`${lost} of the shapes did not fit this image and had to be left out.`);
			}
			before.image?.pyramid.close();
			dispatch({ type: 'open', shapes: kept });
			setScreen(NO_SCREEN);
			setImage(next);
		} catch (error) {
			if (!(error instanceof UnreadableImage)) throw error;
			setNotice(error.message);
		} finally {
			setOpening(false);
		}
	}, []);
	const openFile = useCallback((file: File) => void open(file, file.name), [open]);
	const openSample = async () => await open(await sampleImage(), 'sample.png');
	const isOver = useFiles(openFile);

	const size = image?.size ?? NO_SCREEN;
	const world: KeyWorld = {
		drawing,
		view,
		image: size,
		screen,
		isPanning: false,
		cross,
		dispatch,
		setView,
		setCross,
		showHelp: () => setDialog('help'),
	};
	const latest = useRef(world);
	latest.current = world;
	const resized = useCallback((next: ImageSize) => {
		const before = latest.current;
		// An image that has just been opened, or was shown whole, is shown whole.
		const isWhole = before.view.scale === fitView(before.image, before.screen).scale;
		if (before.screen === NO_SCREEN || isWhole) setView(fitView(before.image, next));
		setScreen(next);
	}, []);

	useEffect(() => {
		const press = (event: KeyboardEvent) => {
			if (event.defaultPrevented || isTypedInto(event.target) || !present.current.image) return;
			const isOnPage = event.target === document.body;
			if (!isOnPage && !KEYS_OF_ANY_PLACE.test(event.key)) return;
			if (pressKey(event, latest.current)) event.preventDefault();
		};
		addEventListener('keydown', press);
		return () => removeEventListener('keydown', press);
	}, []);

	const { shapes } = drawing;
	const checked = useMemo(() => checkShapes(shapes), [shapes]);
	const refused = useMemo(
		() => new Set(shapes.filter((shape) => 'refusal' in checkShapes([shape])).map(({ id }) => id)),
		[shapes],
	);
	const words = stateInWords(drawing, cross, size);
	useEffect(() => {
		// A drag or a held key would fill the reader's queue.
		const later = setTimeout(() => announce(words), 400);
		return () => clearTimeout(later);
	}, [words]);
	useEffect(() => {
		if (shapes.length === 0) return;
		const warn = (event: BeforeUnloadEvent) => event.preventDefault();
		addEventListener('beforeunload', warn);
		return () => removeEventListener('beforeunload', warn);
	}, [shapes.length === 0]);

	const panel = useMemo(
		() =>
			image && (
				<aside class="panel" aria-label="Areas and result">
					<section>
						<div class="section-head">
							<h2>Areas to remove</h2>
							<button type="button" class="link" onClick={() => setDialog('bringIn')}>
								Paste coordinates
							</button>
						</div>
						<ShapeList drawing={drawing} size={image.size} refused={refused} dispatch={dispatch} />
					</section>
					<section>
						<h2>Take it to n8n</h2>
						<div role="status">
							{'refusal' in checked && (
								<p class="note refused">
									{checked.refusal.message}. {checked.refusal.advice}
								</p>
							)}
						</div>
						{'polygons' in checked && shapes.length > 0 && (
							<Outputs
								shapes={shapes}
								polygons={checked.polygons}
								size={image.size}
								imageName={image.name}
								measure={measure}
								onMeasure={setMeasure}
								announce={announce}
							/>
						)}
						{shapes.length === 0 && (
							<p class="empty">
								The node, the rows, the corners and the mask appear here as soon as something is
								drawn.
							</p>
						)}
					</section>
				</aside>
			),
		[image, drawing, checked, refused, shapes, measure],
	);

	return (
		<div class={isOver ? 'page is-over' : 'page'}>
			<header>
				<img src={logo} alt="" width="32" height="32" />
				<div class="title">
					<strong>Area Picker</strong>
					<span class="quiet">for Tencent Image Repair in n8n</span>
				</div>
				{image && (
					<ImageInput
						class="button"
						label={isOpening ? 'Opening …' : 'Open image'}
						onFile={openFile}
					/>
				)}
				<button
					type="button"
					class="tool"
					aria-label="Help"
					title="Help (?)"
					onClick={() => setDialog('help')}
				>
					<Icon name="help" />
				</button>
			</header>
			<div role="alert">{notice && <p class="notice">{notice}</p>}</div>
			{image ? (
				<main class="work">
					<h1 class="for-readers">Draw the areas to remove</h1>
					<div class="left">
						<Toolbar
							drawing={drawing}
							scale={view.scale}
							dispatch={dispatch}
							onDelete={() => deleteSelected(world)}
							onZoom={(factor) => zoomBy(world, factor)}
							onFit={() => setView(fitView(size, screen))}
						/>
						{image.orientation > 1 && (
							<p class="notice" data-orientation>
								Other programs turn this image when they show it (EXIF orientation{' '}
								{image.orientation}). Here you see it as it is stored, because that is how its
								coordinates are counted.
							</p>
						)}
						<Stage image={image} world={world} refused={refused} onScreen={resized} />
					</div>
					{panel}
				</main>
			) : (
				<Start isOpening={isOpening} onFile={openFile} onSample={() => void openSample()} />
			)}
			<p class="for-readers" aria-live="polite" data-announcement>
				{announcement}
			</p>
			{dialog === 'help' && <HelpDialog onClose={() => setDialog(undefined)} />}
			{dialog === 'bringIn' && (
				<BringInDialog
					size={size}
					onShapes={(next) => dispatch({ type: 'replace', shapes: next })}
					onClose={() => setDialog(undefined)}
				/>
			)}
		</div>
	);
}
