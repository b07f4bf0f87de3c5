/** Go's durations as text (time.ParseDuration, Duration.String); values are nanoseconds. */

const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** Null if the text is no duration. */
export function parseDuration(text: string): number | null {
  const m = /^([+-]?)(.*)$/s.exec(text);
  const body = m === null ? '' : m[2];
  const sign = m !== null && m[1] === '-' ? -1 : 1;
  if (body === '0') return 0;
  const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;
  let total = 0;
  let end = 0;
  for (let p = part.exec(body); p !== null; p = part.exec(body)) {
    total += Number(p[1]) * units[p[2]];
    end = part.lastIndex;
  }
  return end === 0 || end < body.length ? null : sign * Math.trunc(total);
}

export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  const n = Math.abs(nanoseconds);
  if (n < 1e3) return `${sign}${n}ns`;
  if (n < 1e6) return `${sign}${decimal(n / 1e3)}µs`;
  if (n < 1e9) return `${sign}${decimal(n / 1e6)}ms`;
  const hours = Math.floor(n / 3.6e12);
  const minutes = Math.floor((n % 3.6e12) / 6e10);
  const seconds = decimal((n % 6e10) / 1e9);
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}

function decimal(x: number): string {
  return x.toFixed(9).replace(/\.?0+$/, '');
}
