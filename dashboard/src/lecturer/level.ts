/** Loudness of samples in [-1, 1] as dBFS (root mean square); -100 for silence. */
export function dbfs(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const level = 10 * Math.log10(sum / Math.max(1, samples.length));
  return Number.isFinite(level) ? Math.max(-100, level) : -100;
}

/** Where a loudness stands on the meter, 0 to 1: from -60 dBFS, where rooms hear nothing, to full scale. */
export function needle(level: number): number {
  return Math.min(1, Math.max(0, (level + 60) / 60));
}
