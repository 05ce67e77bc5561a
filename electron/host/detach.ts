// Why work was stopped: somebody cancelled it, or only this program lets go of it and its jobs go on.

/** Reason of an abort that leaves everything on the host at work. */
export const DETACHED = new DOMException('Casement lets go of the run; it can be continued.', 'AbortError');

/** Whether an abort only means that this program lets go. */
export function isDetach(reason: unknown): boolean {
  return reason === DETACHED;
}
