import { readFloor } from './floor.ts';

const file = process.argv[2] ?? '';
const start = performance.now();
const { objects, bytes } = await readFloor(file);
process.stdout.write(JSON.stringify({ seconds: (performance.now() - start) / 1000, objects, bytes }));
