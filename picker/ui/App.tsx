import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Growth } from '../../cos/areas/growth';
import type { ImageSize, Point } from '../../cos/areas/points';
import { draw, EMPTY_DRAWING } from '../drawing/drawing';
import { deleteSelected, zoomBy, type Editor } from '../drawing/editor';
import type { StoredSize } from '../../cos/images/upright';
import { fitView, type View } from '../geometry/view';
import { openImage, type Image } from '../image/openImage';
import { sampleImage } from '../image/sampleImage';
import { UnreadableImage } from '../image/unreadable';
import { carryOver } from '../output/carryOver';
import { checkShapes, growEach } from '../output/polygons';
import { DEFAULT_MEASURE } from '../output/rectangles';
import { HelpDialog } from './HelpDialog';
import { useCloseWarning, useDroppedFiles, usePageKeys, useTouch } from './hooks';
import { Icon } from './icons';
import { ImageInput } from './ImageInput';
import { Panel } from './Panel';
import { PasteDialog } from './PasteDialog';
import { Stage } from './Stage';
import { Start } from './Start';
import { Toolbar } from './Toolbar';
import { describeState, describeTurn } from './words';

const EMPTY_SIZE: ImageSize = { width: 0, height: 0 };
const NO_GROWTH: Growth = { amount: 0, unit: 'percent' };
const NO_IMAGE: StoredSize = { ...EMPTY_SIZE, orientation: 1 };

/** A drag or a held key would flood the screen reader. */
const ANNOUNCE_AFTER_MS = 400;

function Header({
	logo,
	openLabel,
	onFile,
	onHelp,
}: {
	logo: string;
	/** Label of the button that opens an image; none: no button. */
	openLabel: string | undefined;
	onFile: (file: File) => void;
	onHelp: () => void;
}): JSX.Element {
	const isTouch = useTouch();
	return (
		<header>
			<img src={logo} alt="" width="32" height="32" />
			<div class="title">
				<strong>Area Picker</strong>
				<span class="quiet">for Tencent Image Repair in n8n</span>
			</div>
			{openLabel && <ImageInput class="button" label={openLabel} onFile={onFile} />}
			<button
				type="button"
				class="tool"
				aria-label="Help"
				title={isTouch ? 'Help' : 'Help (?)'}
				onClick={onHelp}
			>
				<Icon name="help" />
			</button>
		</header>
	);
}

/** The whole page. */
export function App({ logo }: { logo: string }): JSX.Element {
	const [image, setImage] = useState<Image>();
	const [isOpening, setOpening] = useState(false);
	const [notice, setNotice] = useState('');
	const [drawing, dispatch] = useReducer(draw, EMPTY_DRAWING);
	const [measure, setMeasure] = useState(DEFAULT_MEASURE);
	const [growth, setGrowth] = useState(NO_GROWTH);
	const [view, setView] = useState<View>({ image: NO_IMAGE, scale: 1, x: 0, y: 0 });
	const [viewport, setViewport] = useState(EMPTY_SIZE);
	const [crosshair, setCrosshair] = useState<Point>();
	const [dialog, setDialog] = useState<'help' | 'paste'>();
	const [announcement, announce] = useState('');

	const { shapes } = drawing;
	const size = image?.size ?? NO_IMAGE;
	const editor: Editor = {
		drawing,
		view,
		image: size,
		viewport,
		isPanning: false,
		crosshair,
		dispatch,
		setView,
		setCrosshair,
		showHelp: () => setDialog('help'),
	};
	const latest = useRef({ image, measure, editor });
	latest.current = { image, measure, editor };

	const open = useCallback(async (file: Blob, name: string) => {
		setOpening(true);
		setNotice('');
		try {
			const next = await openImage(file, name);
			const before = latest.current;
			const drawn = before.editor.drawing.shapes;
			const kept = before.image
				? carryOver(drawn, before.image.size, next.size, before.measure)
				: [];
			const lost = drawn.length - kept.length;
			if (lost > 0) {
				setNotice(
					lost === 1
						? '1 shape did not fit this image and was removed.'
						: `${lost} shapes did not fit this image and were removed.`,
				);
			}
			before.image?.pyramid.close();
			dispatch({ type: 'open', shapes: kept });
			setViewport(EMPTY_SIZE);
			setView(fitView(next.size, EMPTY_SIZE));
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
	const isOver = useDroppedFiles(openFile);

	const resize = useCallback((next: ImageSize) => {
		const before = latest.current.editor;
		const isNew = before.viewport === EMPTY_SIZE;
		const isWhole = before.view.scale === fitView(before.image, before.viewport).scale;
		if (isNew || isWhole) setView(fitView(before.image, next));
		setViewport(next);
	}, []);

	usePageKeys(useCallback(() => latest.current.image && latest.current.editor, []));
	useCloseWarning(shapes.length > 0);

	const state = describeState(drawing, crosshair, size);
	useEffect(() => {
		const timer = setTimeout(() => announce(state), ANNOUNCE_AFTER_MS);
		return () => clearTimeout(timer);
	}, [state]);

	const invalid = useMemo(
		() => new Set(shapes.filter((shape) => 'error' in checkShapes([shape])).map(({ id }) => id)),
		[shapes],
	);
	const checked = useMemo(() => checkShapes(shapes), [shapes]);
	const { width, height } = size;
	const grown = useMemo(
		() => ('polygons' in checked ? growEach(checked.polygons, growth, { width, height }) : []),
		[checked, growth, width, height],
	);
	// Kept while the view changes, so that zooming and panning stay smooth.
	const panel = useMemo(
		() =>
			image && (
				<Panel
					image={image}
					drawing={drawing}
					invalid={invalid}
					checked={checked}
					grown={grown}
					growth={growth}
					measure={measure}
					dispatch={dispatch}
					onMeasure={setMeasure}
					onGrowth={setGrowth}
					onPaste={() => setDialog('paste')}
					announce={announce}
				/>
			),
		[image, drawing, invalid, checked, grown, growth, measure],
	);

	const turn = describeTurn(size);
	const openLabel = isOpening ? 'Opening…' : 'Open image';
	return (
		<div class={isOver ? 'page drop-target' : 'page'}>
			<Header
				logo={logo}
				openLabel={image && openLabel}
				onFile={openFile}
				onHelp={() => setDialog('help')}
			/>
			<div role="alert">{notice && <p class="notice">{notice}</p>}</div>
			{image ? (
				<main class="workspace">
					<h1 class="visually-hidden">Draw the areas to remove</h1>
					<div class="editor">
						<Toolbar
							drawing={drawing}
							scale={view.scale}
							dispatch={dispatch}
							onDelete={() => deleteSelected(editor)}
							onZoom={(factor) => zoomBy(editor, factor)}
							onFit={() => setView(fitView(size, viewport))}
						/>
						{turn && (
							<p class="notice" data-orientation>
								{turn}
							</p>
						)}
						<Stage
							image={image}
							editor={editor}
							invalid={invalid}
							grown={growth.amount > 0 ? grown : []}
							onResize={resize}
						/>
					</div>
					{panel}
				</main>
			) : (
				<Start isOpening={isOpening} onFile={openFile} onSample={() => void openSample()} />
			)}
			<p class="visually-hidden" aria-live="polite" data-announcement>
				{announcement}
			</p>
			{dialog === 'help' && <HelpDialog onClose={() => setDialog(undefined)} />}
			{dialog === 'paste' && image && (
				<PasteDialog
					image={image}
					onArea={(next) => {
						dispatch({ type: 'replace', shapes: next.shapes });
						if (next.growth) setGrowth(next.growth);
					}}
					onClose={() => setDialog(undefined)}
				/>
			)}
		</div>
	);
}
