// Media (ISO files, the MSI) as the run sees them. Types only. May touch: host, shared.
import type { MediaKind, MediaSource } from '../../shared/plan.ts';
import type { MediaFile } from '../../shared/views.ts';
import type { Host, OnProgress } from '../host/types.ts';

/** What `ensureMedia` needs. `dir` is the media folder on the host, shared by all builds (`~/.casement/media`). */
export interface EnsureMedia {
  readonly host: Host;
  readonly kind: MediaKind;
  readonly source: MediaSource;
  readonly dir: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}
export type EnsureMediaFn = (want: EnsureMedia) => Promise<MediaFile>;
