const SIZE = { width: 1280, height: 853 };

/** Hills under an evening sky, with a watermark in the corner. */
function paint(context: CanvasRenderingContext2D): void {
	const { width, height } = SIZE;
	const sky = context.createLinearGradient(0, 0, 0, height);
	sky.addColorStop(0, '#24466f');
	sky.addColorStop(0.5, '#e79a6b');
	sky.addColorStop(0.75, '#f6d9a8');
	context.fillStyle = sky;
	context.fillRect(0, 0, width, height);
	context.fillStyle = '#fff1cf';
	context.beginPath();
	context.arc(width * 0.68, height * 0.5, 54, 0, 2 * Math.PI);
	context.fill();
	['#8a6f86', '#5d5a78', '#38435f', '#1d2c3f'].forEach((colour, index) => {
		const base = height * (0.56 + index * 0.11);
		context.fillStyle = colour;
		context.beginPath();
		context.moveTo(0, height);
		for (let x = 0; x <= width; x += 8) {
			const wave = Math.sin(x / (150 - index * 14) + index * 2.1) * (46 - index * 6);
			context.lineTo(x, base + wave + Math.sin(x / 41 + index) * 9);
		}
		context.lineTo(width, height);
		context.fill();
	});
	context.fillStyle = 'rgba(255, 255, 255, 0.75)';
	context.font = '600 44px system-ui, sans-serif';
	context.textAlign = 'right';
	context.fillText('© SAMPLE', width - 36, height - 34);
}

export async function sampleImage(): Promise<Blob> {
	const canvas = document.createElement('canvas');
	Object.assign(canvas, SIZE);
	const context = canvas.getContext('2d');
	if (context) paint(context);
	return await new Promise((resolve, reject) => {
		canvas.toBlob((blob) => {
			if (blob) resolve(blob);
			else reject(new Error('The browser could not create the sample image.'));
		});
	});
}
