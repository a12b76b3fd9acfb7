import type { JSX, TargetedPointerEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ImageSize, Point } from '../../cos/areas/points';
import type { Draft, Drawing } from '../drawing/drawing';
import { attachGestures, REACH } from '../drawing/gestures';
import { pressKey, type KeyWorld } from '../drawing/keys';
import { hitTest, sideMiddles } from '../geometry/hitTest';
import { boundsOf, boxBetween, cornersOf, nearestPoint, type Shape } from '../geometry/shapes';
import { toImage, toScreen, type View } from '../geometry/view';
import type { Image } from '../image/openImage';
import { cornerName, percentOf, placeInWords, shapeInWords, shapeName } from './words';

interface StageProps {
	readonly image: Image;
	readonly world: KeyWorld;
	/** Numbers of shapes the node would refuse. */
	readonly refused: ReadonlySet<number>;
	readonly onScreen: (size: ImageSize) => void;
}

const pointsText = (corners: readonly Point[], view: View) =>
	corners.map((corner) => toScreen(corner, view).join(',')).join(' ');

/** Paints the image once for each frame in which the view has changed. */
function useImage({ pyramid }: Image, view: View, screen: ImageSize) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const frame = useRef(0);
	useLayoutEffect(() => {
		cancelAnimationFrame(frame.current);
		frame.current = requestAnimationFrame(() => {
			const context = canvas.current?.getContext('2d');
			if (!context) return;
			const density = devicePixelRatio;
			const [width, height] = [screen.width * density, screen.height * density].map(Math.round);
			if (context.canvas.width !== width) context.canvas.width = width ?? 0;
			if (context.canvas.height !== height) context.canvas.height = height ?? 0;
			context.clearRect(0, 0, context.canvas.width, context.canvas.height);
			pyramid.draw(context, view, density);
		});
	}, [pyramid, view, screen]);
	return canvas;
}

function Outline({
	corners,
	view,
	class: className,
}: {
	corners: readonly Point[];
	view: View;
	class: string;
}): JSX.Element {
	const points = pointsText(corners, view);
	return (
		<g class={className}>
			<polygon class="outline-under" points={points} />
			<polygon class="outline" points={points} />
		</g>
	);
}

function DraftOutline({
	draft,
	view,
	next,
	size,
}: {
	draft: Draft;
	view: View;
	next: Point | undefined;
	size: ImageSize;
}): JSX.Element {
	if (draft.kind === 'rectangle') {
		const box = boxBetween(draft.from, draft.to, size);
		const shape: Shape = { id: 0, kind: 'rectangle', box };
		const [x, y] = toScreen([box.right, box.bottom], view);
		return (
			<>
				<Outline corners={cornersOf(shape)} view={view} class="shape draft" />
				<text class="measure" x={x + 8} y={y + 18}>
					{box.right - box.left} × {box.bottom - box.top} px
				</text>
			</>
		);
	}
	const corners = next ? [...draft.corners, next] : draft.corners;
	const points = pointsText(corners, view);
	return (
		<g class="shape draft">
			<polyline class="outline-under" points={points} />
			<polyline class="outline" points={points} />
			{draft.corners.map((corner, index) => {
				const [x, y] = toScreen(corner, view);
				return <circle key={index} class="handle" cx={x} cy={y} r={index === 0 ? 7 : 4} />;
			})}
		</g>
	);
}

/** The selected shape's corners, each reached with Tab and moved with the arrows. */
function Handles({
	shape,
	name,
	world,
}: {
	shape: Shape;
	name: string;
	world: KeyWorld;
}): JSX.Element {
	const { view, image, drawing, dispatch } = world;
	return (
		<>
			{sideMiddles(shape).map((middle, index) => {
				const [x, y] = toScreen(middle, view);
				return <circle key={`side ${index}`} class="side" cx={x} cy={y} r="4" />;
			})}
			{cornersOf(shape).map((corner, index) => {
				const [x, y] = toScreen(corner, view);
				const isSelected = drawing.selection?.corner === index;
				return (
					<circle
						key={index}
						class={isSelected ? 'handle selected' : 'handle'}
						cx={x}
						cy={y}
						r="6"
						tabIndex={0}
						role="button"
						aria-pressed={isSelected}
						aria-label={`${cornerName(shape, index)} of ${name}: ${placeInWords(corner, image)}`}
						onFocus={() => dispatch({ type: 'select', selection: { id: shape.id, corner: index } })}
					/>
				);
			})}
		</>
	);
}

function Shapes({
	world,
	refused,
}: {
	world: KeyWorld;
	refused: ReadonlySet<number>;
}): JSX.Element {
	const { drawing, view, dispatch } = world;
	return (
		<>
			{drawing.shapes.map((shape, index) => {
				const isSelected = shape.id === drawing.selection?.id;
				const name = shapeName(shape, index);
				const { left, top } = boundsOf(shape);
				const [x, y] = toScreen([left, top], view);
				const state = `${isSelected ? ' selected' : ''}${refused.has(shape.id) ? ' refused' : ''}`;
				return (
					<g key={shape.id}>
						<g
							class="shape-button"
							tabIndex={0}
							role="button"
							aria-pressed={isSelected}
							aria-label={`${name}: ${shapeInWords(shape)}`}
							onFocus={() => dispatch({ type: 'select', selection: { id: shape.id } })}
						>
							<Outline corners={cornersOf(shape)} view={view} class={`shape${state}`} />
							<text class="number" x={x + 6} y={y - 6}>
								{index + 1}
							</text>
						</g>
						{isSelected && <Handles shape={shape} name={name} world={world} />}
					</g>
				);
			})}
		</>
	);
}

function Cross({ at: [x, y] }: { at: Point }): JSX.Element {
	const path = `M${x - 14} ${y}H${x + 14}M${x} ${y - 14}V${y + 14}`;
	return (
		<g class="cross">
			<path class="outline-under" d={path} />
			<path class="outline" d={path} />
		</g>
	);
}

const shown = (point: Point | undefined, { width, height }: ImageSize) =>
	point &&
	`x ${point[0]}  y ${point[1]} px   ${percentOf(point[0], width)} %  ${percentOf(point[1], height)} %`;

/** What a press would do, as the pointer's form. */
function cursorOf(
	{ tool, shapes, selection, draft }: Drawing,
	view: View,
	pointer: Point | undefined,
	isPanning: boolean,
): string {
	if (isPanning) return 'grab';
	const hit = pointer && hitTest(shapes, selection, toScreen(pointer, view), view, REACH.mouse);
	if (!draft && (hit?.kind === 'corner' || hit?.kind === 'side')) return 'pointer';
	if (tool !== 'select') return 'crosshair';
	return hit ? 'move' : 'grab';
}

/** The image and what is drawn on it. */
export function Stage({ image, world, refused, onScreen }: StageProps): JSX.Element {
	const element = useRef<HTMLDivElement>(null);
	const latest = useRef(world);
	latest.current = world;
	const [pointer, setPointer] = useState<Point>();
	const [isSpaceDown, setSpaceDown] = useState(false);
	const { view, screen, drawing, cross } = world;
	const canvas = useImage(image, view, screen);
	const current = { ...world, isPanning: isSpaceDown };
	latest.current = current;

	useEffect(() => {
		const stage = element.current;
		if (!stage) return;
		const observer = new ResizeObserver(() =>
			onScreen({ width: stage.clientWidth, height: stage.clientHeight }),
		);
		observer.observe(stage);
		const detach = attachGestures(stage, () => latest.current);
		stage.focus({ preventScroll: true });
		return () => {
			observer.disconnect();
			detach();
		};
	}, [image, onScreen]);

	const follow = (event: TargetedPointerEvent<HTMLElement>) => {
		const { left, top } = event.currentTarget.getBoundingClientRect();
		const point = toImage([event.clientX - left, event.clientY - top], view);
		setPointer(nearestPoint(point, image.size));
		if (cross) world.setCross(undefined);
	};
	const press = (event: KeyboardEvent) => {
		if (event.key === ' ') setSpaceDown(true);
		else if (!pressKey(event, current)) return;
		event.preventDefault();
	};
	const next = cross ?? pointer;

	return (
		<div class="stage">
			<div
				ref={element}
				class="canvas"
				role="application"
				tabIndex={0}
				aria-label={`Drawing area, ${image.name}, ${image.size.width} by ${image.size.height} pixels. Press question mark for the keys.`}
				style={{ cursor: cursorOf(drawing, view, pointer, isSpaceDown) }}
				onKeyDown={press}
				onKeyUp={() => setSpaceDown(false)}
				onBlur={() => setSpaceDown(false)}
				onPointerMove={follow}
				onPointerLeave={() => setPointer(undefined)}
			>
				<canvas ref={canvas} aria-hidden="true" />
				<svg class="overlay">
					<Shapes world={world} refused={refused} />
					{drawing.draft && (
						<DraftOutline draft={drawing.draft} view={view} next={next} size={image.size} />
					)}
					{cross && <Cross at={toScreen(cross, view)} />}
				</svg>
			</div>
			<div class="status">
				<span class="status-name">
					{image.name} · {image.size.width} × {image.size.height} px
				</span>
				<span class="status-place" data-place>
					{shown(next, image.size)}
				</span>
			</div>
		</div>
	);
}
