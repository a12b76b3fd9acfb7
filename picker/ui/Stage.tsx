import type { JSX, TargetedPointerEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ImageSize, Point, Polygon } from '../../cos/areas/points';
import type { Drawing } from '../drawing/drawing';
import type { Editor } from '../drawing/editor';
import { REACH, snappedPoint } from '../drawing/gestures';
import { pressKey } from '../drawing/keys';
import { listenToPointer } from '../drawing/pointer';
import { hitTest } from '../geometry/hitTest';
import { percentOf } from '../geometry/percent';
import type { View } from '../geometry/view';
import type { Image } from '../image/openImage';
import { usePaintedImage, useTouch } from './hooks';
import { Overlay } from './Overlay';

interface StageProps {
	readonly image: Image;
	readonly editor: Editor;
	/** Ids of the shapes that the node would reject. */
	readonly invalid: ReadonlySet<number>;
	/** What is repaired, if that is more than the shapes. */
	readonly grown: readonly Polygon[];
	readonly onResize: (size: ImageSize) => void;
}

function positionText([x, y]: Point, size: ImageSize): string {
	const [across, down] = [percentOf(x, 'width', size), percentOf(y, 'height', size)];
	return `x ${x}  y ${y} px   ${across}%  ${down}%`;
}

/**
 * The mouse cursor shows what a press would do.
 *
 * @param pointer in CSS pixels of the drawing area
 */
function cursorOf(
	{ tool, shapes, selection, draft }: Drawing,
	view: View,
	pointer: Point | undefined,
	isPanning: boolean,
): string {
	if (isPanning) return 'grab';
	const hit = pointer && hitTest(shapes, selection, pointer, view, REACH.mouse);
	if (!draft && (hit?.kind === 'corner' || hit?.kind === 'side')) return 'pointer';
	if (hit && !draft && hit.shape.id === selection?.id) return 'move';
	if (tool !== 'select') return 'crosshair';
	return hit ? 'move' : 'grab';
}

/** The drawing area: the image, the shapes on it, and a status line. */
export function Stage({ image, editor, invalid, grown, onResize }: StageProps): JSX.Element {
	const element = useRef<HTMLDivElement>(null);
	const [pointer, setPointer] = useState<{ at: Point; corner: Point }>();
	const [isSpaceDown, setSpaceDown] = useState(false);
	const { view, viewport, drawing, crosshair } = editor;
	const canvas = usePaintedImage(image, view, viewport);
	const current = { ...editor, isPanning: isSpaceDown };
	const latest = useRef(current);
	latest.current = current;

	useEffect(() => {
		const stage = element.current;
		if (!stage) return;
		const observer = new ResizeObserver(() =>
			onResize({ width: stage.clientWidth, height: stage.clientHeight }),
		);
		observer.observe(stage);
		const stopListening = listenToPointer(stage, () => latest.current);
		stage.focus({ preventScroll: true });
		return () => {
			observer.disconnect();
			stopListening();
		};
	}, [image, onResize]);

	const followPointer = (event: TargetedPointerEvent<HTMLElement>) => {
		const { left, top } = event.currentTarget.getBoundingClientRect();
		const at: Point = [event.clientX - left, event.clientY - top];
		const isFree = drawing.tool === 'select' || event.altKey;
		setPointer({ at, corner: snappedPoint(editor, at, isFree) });
		if (crosshair) editor.setCrosshair(undefined);
	};
	const press = (event: KeyboardEvent) => {
		if (event.key === ' ') setSpaceDown(true);
		else if (!pressKey(event, current)) return;
		event.preventDefault();
	};
	const isTouch = useTouch();
	const next = crosshair ?? pointer?.corner;

	return (
		<div class="stage">
			<div
				ref={element}
				class="canvas"
				role="application"
				tabIndex={0}
				aria-label={`Drawing area, ${image.name}, ${image.size.width} by ${image.size.height} pixels.${isTouch ? '' : ' Press the question mark key for help.'}`}
				style={{ cursor: cursorOf(drawing, view, pointer?.at, isSpaceDown) }}
				onKeyDown={press}
				onKeyUp={() => setSpaceDown(false)}
				onBlur={() => setSpaceDown(false)}
				onPointerMove={followPointer}
				onPointerLeave={() => setPointer(undefined)}
			>
				<canvas ref={canvas} aria-hidden="true" />
				<Overlay editor={editor} invalid={invalid} grown={grown} next={next} />
			</div>
			<div class="status">
				<span class="status-name">
					{image.name} · {image.size.width} × {image.size.height} px
				</span>
				<span class="status-position">{next && positionText(next, image.size)}</span>
			</div>
		</div>
	);
}
