import { collect, type Specimen } from '../specimen';
import { bytes, repeated, zeros, type Part } from '../writers/bytes';
import {
	comment,
	control,
	extension,
	frame,
	loop,
	screen,
	subBlocks,
	TRAILER,
} from '../writers/gif';
import { picture } from './picture';

/** GIF: a screen, and blocks up to a trailer. Its size is that of the screen. */
export async function gifSpecimens(): Promise<Specimen[]> {
	const { specimens, ordinary, odd } = collect('GIF');
	const size = { width: 30, height: 20 };
	const whole = { size, isCut: false };
	const full = frame(size);
	const gif = (...blocks: readonly Part[]) => bytes(screen(30, 20), blocks, TRAILER);

	ordinary.sharp('GIF 89a', gif(full), { ...whole, frames: 1, orientation: 1 });
	ordinary.sharp('GIF 87a', bytes(screen(30, 20, '87a'), full, TRAILER), { ...whole, frames: 1 });
	ordinary.sharp('GIF, transparent', gif(control(0, 0), full), {
		...whole,
		frames: 1,
		hasAlpha: true,
	});
	ordinary.sharp('GIF, interlaced', gif(frame({ ...size, isInterlaced: true })), whole);
	ordinary.sharp(
		'GIF, color table of its frame',
		bytes(screen(30, 20, '89a', false), frame({ ...size, hasColors: true }), TRAILER),
		whole,
	);
	ordinary.sharp('GIF, comment', gif(comment('made by hand'), full), whole);
	ordinary.sharp(
		'GIF, comment of 1,000 letters',
		gif(comment('letters '.repeat(125)), full),
		whole,
	);
	ordinary.sharp(
		'GIF, comment that holds an image block',
		gif(comment(String.fromCharCode(...frame({ width: 9, height: 9 }).slice(0, 20))), full),
		whole,
	);
	ordinary.sharp('GIF, plain text block', gif(extension(0x01, zeros(12), 'text'), full), whole);
	ordinary.sharp('GIF, XMP', gif(extension(0xff, 'XMP DataXMP', '<x:xmpmeta/>'), full), whole);
	ordinary.sharp('GIF, one pixel', bytes(screen(1, 1), frame({ width: 1, height: 1 }), TRAILER), {
		size: { width: 1, height: 1 },
		isCut: false,
	});
	ordinary.sharp(
		'GIF, frame smaller than the screen',
		gif(frame({ x: 5, y: 6, width: 10, height: 3 })),
		whole,
	);
	for (const frames of [2, 5, 40]) {
		const moving = Array.from({ length: frames }, () => [control(10), full]);
		ordinary.sharp(`GIF of ${frames} frames`, gif(loop(0), moving), { ...whole, frames });
	}
	ordinary.sharp(
		'GIF whose frames stand in different places',
		gif(
			control(5),
			full,
			control(5),
			frame({ x: 20, y: 10, width: 10, height: 10 }),
			control(5),
			frame({ x: 3, y: 1, width: 4, height: 4 }),
		),
		{
			...whole,
			frames: 3,
		},
	);
	ordinary.sharp('GIF by an encoder', await picture(64, 48).gif().toBuffer(), {
		size: { width: 64, height: 48 },
		frames: 1,
		isCut: false,
	});
	ordinary.sharp('GIF by an encoder, alpha', await picture(64, 48, 4).gif().toBuffer(), {
		size: { width: 64, height: 48 },
		isCut: false,
	});

	// Whether what follows an empty block still counts is read differently: the frames are not judged.
	odd.sharp(
		'GIF, empty blocks between frames',
		gif(control(5), full, 0, 0, control(5), full, 0),
		whole,
	);
	odd.sharp('GIF, extension of an unknown kind', gif(extension(0x42, 'who', 'knows'), full), whole);
	odd.sharp('GIF, empty extensions', gif(repeated(extension(0xfe), 30), full), whole);
	odd.sharp('GIF, garbage behind its trailer', bytes(gif(full), 'garbage'), {
		...whole,
		frames: 1,
	});
	odd.sharp(
		'GIF, another GIF behind its trailer',
		bytes(gif(full), bytes(screen(99, 99), frame({ width: 99, height: 99 }), TRAILER)),
		{ ...whole, frames: 1 },
	);
	odd.sharp(
		'GIF, frame data of one-byte blocks',
		gif(
			full.slice(0, 11),
			[...full.slice(12, 40)].map((byte) => [1, byte]),
			0,
		),
		whole,
	);
	odd.sharp('GIF, frame without data', gif(full, full.slice(0, 11), subBlocks([])), { size });
	odd.sharp('GIF, without its trailer', bytes(screen(30, 20), full), { size, isCut: true });
	odd.sharp('GIF, cut in its first frame', bytes(screen(30, 20), full.slice(0, 40)), {
		size,
		isCut: true,
	});
	odd.sharp('GIF, cut in its second frame', bytes(screen(30, 20), full, full.slice(0, 60)), {
		size,
		isCut: true,
	});
	// sharp refuses a file without frames, and makes a screen of 0 as large as its frames.
	odd.hand('GIF, cut behind its screen', screen(30, 20), { isCut: true });
	odd.sharp('GIF, cut in its screen', screen(30, 20).slice(0, 8), { size: null, isCut: true });
	odd.hand('GIF, screen only', bytes(screen(30, 20), TRAILER), {});
	odd.hand(
		'GIF, screen of width 0',
		bytes(screen(0, 20), frame({ width: 1, height: 20 }), TRAILER),
		{ size: null },
	);
	odd.hand('GIF, screen of 0×0', bytes(screen(0, 0), full, TRAILER), { size: null });
	// sharp and browsers make the screen as large as the frame, others cut the frame: no size is judged.
	odd.hand('GIF, frame larger than the screen', bytes(screen(10, 10), full, TRAILER), {});
	return specimens;
}
