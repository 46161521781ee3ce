import { cache } from './cache';

/** Shortest pause between two reads of the same list, however many live frames ask for it. */
const PAUSE_MS = 250;

/**
 * Reads again what live frames have changed. A read that is under way is never cancelled: under a stream of frames
 * none would ever arrive. What changes meanwhile is read again afterwards.
 */
class Refresher {
  private readonly wanted = new Map<string, readonly unknown[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  want(queryKey: readonly unknown[]) {
    this.wanted.set(JSON.stringify(queryKey), queryKey);
    if (this.timer === undefined) this.flush();
  }

  private flush() {
    this.timer = undefined;
    for (const [name, queryKey] of this.wanted) {
      if (cache.isFetching({ queryKey }) > 0) continue;
      this.wanted.delete(name);
      void cache.invalidateQueries({ queryKey });
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.wanted.size > 0) this.flush();
    }, PAUSE_MS);
  }
}

export const refresher = new Refresher();
