import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { NewShape } from '../drawing/drawing';
import { fitView } from '../geometry/view';
import type { Image } from '../image/openImage';
import { usePaintedImage } from './hooks';
import { NumberedOutline } from './Outline';

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
	return (
		<div ref={element} class="canvas preview" aria-hidden="true">
			<canvas ref={canvas} />
			<svg class="overlay">
				{shapes.map((shape, index) => (
					<NumberedOutline
						key={index}
						shape={{ ...shape, id: index }}
						index={index}
						view={view}
						viewport={viewport}
						class="shape"
					/>
				))}
			</svg>
		</div>
	);
}
