import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ImageSize } from '../../cos/areas/points';
import type { Coordinates, Origin, ShapeReading } from '../../cos/areas/shapes';
import type { Message } from '../../nodes/shared/inputMessages';
import type { Image } from '../image/openImage';
import { readArea, type PastedArea } from '../output/readArea';
import { Choice } from './Choice';
import { Dialog } from './Dialog';
import { Preview } from './Preview';
import { AREA_FIELDS, explainError } from './words';

const { coordinates, origin } = AREA_FIELDS;

type Reading = { readonly area: PastedArea } | { readonly problem: Message };

function read(text: string, size: ImageSize, reading: ShapeReading): Reading | undefined {
	if (text.trim() === '') return undefined;
	try {
		return { area: readArea(text, size, reading) };
	} catch (error) {
		return { problem: explainError(error) };
	}
}

/** Shows what is read while it is pasted: whether boxes lie on the logos tells what their numbers mean. */
function Result({ reading, image }: { reading: Reading | undefined; image: Image }): JSX.Element {
	const shapes = reading && 'area' in reading ? reading.area.shapes : [];
	const { length } = shapes;
	return (
		<>
			<p class="quiet" role="status">
				{length > 0 && `${length === 1 ? '1 area' : `${length} areas`} found. `}
				{length > 0 && 'Showing replaces the current shapes; undo brings them back.'}
			</p>
			{length > 0 && <Preview image={image} shapes={shapes} />}
		</>
	);
}

/** Replaces the shapes with pasted coordinates. */
export function PasteDialog({
	image,
	onArea,
	onClose,
}: {
	image: Image;
	onArea: (area: PastedArea) => void;
	onClose: () => void;
}): JSX.Element {
	const [text, setText] = useState('');
	const [counted, setCounted] = useState<Coordinates>('auto');
	const [placed, setPlaced] = useState<Origin>('auto');
	// A text that is still being typed is wrong most of the time: nothing is said of it until it is asked for.
	const [isAsked, setAsked] = useState(false);
	const reading = useMemo(
		() => read(text, image.size, { coordinates: counted, origin: placed }),
		[text, image, counted, placed],
	);
	const problem = isAsked && reading && 'problem' in reading ? reading.problem : undefined;
	const show = (event: Event) => {
		event.preventDefault();
		setAsked(true);
		if (!reading || !('area' in reading)) return;
		onArea(reading.area);
		onClose();
	};
	return (
		<Dialog title="Show coordinates on the image" onClose={onClose}>
			<form onSubmit={show}>
				<label class="stacked">
					Paste the value of Polygons, rows of Rectangles, a node copied from n8n, or what a
					detector or an AI model answers
					<textarea
						class="output"
						rows={6}
						spellcheck={false}
						placeholder="e.g. [[[608,794],[1024,794],[1024,842],[608,842]]]"
						value={text}
						onInput={(event) => {
							setText(event.currentTarget.value);
							setAsked(false);
						}}
					/>
				</label>
				<p class="note invalid" role="alert">
					{problem && `${problem.message}. ${problem.advice}`}
				</p>
				<div class="measure-fields">
					<Choice
						label={coordinates.displayName}
						options={coordinates.options}
						value={counted}
						onValue={(value) => {
							setCounted(value);
							setAsked(true);
						}}
					/>
					<Choice
						label={origin.displayName}
						options={origin.options}
						value={placed}
						onValue={(value) => {
							setPlaced(value);
							setAsked(true);
						}}
					/>
				</div>
				<Result reading={reading} image={image} />
				<div class="actions">
					<button type="submit" class="button primary" disabled={text.trim() === ''}>
						Show
					</button>
					<button type="button" class="button" onClick={onClose}>
						Cancel
					</button>
				</div>
			</form>
		</Dialog>
	);
}
