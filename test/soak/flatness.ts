/**
 * By how much the heap grew over a run, in bytes: the slope of a straight line through all samples but those of
 * the first quarter, which is for warming up. It is the median of the slopes between any two samples (Theil and
 * Sen): a sample now and then that found buffers not let go yet, of which there is a megabyte, does not tilt it.
 */
export function growth(heaps: readonly number[]): number {
  const samples = heaps.slice(Math.floor(heaps.length / 4));
  const slopes: number[] = [];
  for (const [i, before] of samples.entries()) {
    for (let j = i + 1; j < samples.length; j++) slopes.push((samples[j]! - before) / (j - i));
  }
  slopes.sort((a, b) => a - b);
  return (slopes[Math.floor(slopes.length / 2)] ?? Infinity) * heaps.length;
}
