import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { NewShape } from '../drawing/drawing';
import { cornersOf, type Shape } from '../geometry/shapes';
import { fitView } from '../geometry/view';
import type { Image } from '../image/openImage';
import { usePaintedImage } from './hooks';
import { Outline, ShapeTitle } from './Outline';

/** A small copy of the image with shapes on it. */
export function Preview({
	image,
	shapes,
}: {
	image: Image;
	shapes: readonly NewShape[];
}): JSX.Element {
	const element = useRef<HTMLDivElement>(null);
	const [viewport, setViewport] = useState({ width: 0, height: 0 });
	useLayoutEffect(() => {
		const { clientWidth: width = 0, clientHeight: height = 0 } = element.current ?? {};
		setViewport({ width, height });
	}, []);
	const view = useMemo(() => fitView(image.size, viewport), [image, viewport]);
	const canvas = usePaintedImage(image, view, viewport);
	const placed = shapes.map((shape, id): Shape => ({ ...shape, id }));
	return (
		<div ref={element} class="canvas preview" aria-hidden="true">
			<canvas ref={canvas} />
			<svg class="overlay">
				{placed.map((shape) => (
					<g key={shape.id}>
						<Outline corners={cornersOf(shape)} view={view} class="shape" />
						<ShapeTitle shape={shape} index={shape.id} view={view} viewport={viewport} />
					</g>
				))}
			</svg>
		</div>
	);
}
