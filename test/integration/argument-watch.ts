// A program of its own, so that a busy test does not make it miss anything: looks at the argument list of every process
// every 10 ms for the secret on its standard input, until that ends; prints what it found as JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const EVERY_MS = 10;
const found: string[] = [];
let samples = 0;
let longestPause = 0;
let last = performance.now();

const input = createInterface({ input: process.stdin });
input.once('line', (secret) => {
  console.log('watching');
  const timer = setInterval(() => look(secret), EVERY_MS);
  input.once('close', () => {
    clearInterval(timer);
    console.log(JSON.stringify({ samples, longestPause, found }));
  });
});

function look(secret: string): void {
  longestPause = Math.max(longestPause, Math.round(performance.now() - last));
  last = performance.now();
  samples += 1;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const text = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      if (text.includes(secret)) found.push(text);
    } catch {
      // It ended meanwhile.
    }
  }
}
