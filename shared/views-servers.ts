// What the page "Servers" shows: plain data, the results and payloads of its calls.
import type { ServerView } from './views.ts';

/** A server in a long list. */
export interface ServerRow extends ServerView {
  /** Name of the image; null where it booted from a volume or the image is gone. */
  readonly imageName: string | null;
  /** Whether its image or its metadata say that it runs Windows. */
  readonly windows: boolean;
  /** Whether a chosen password stands in its metadata, where the whole project can read it. */
  readonly passwordStands: boolean;
  /** ISO time. */
  readonly created: string;
}

/** Part of a list that is being read: `list` is the number that the reader gave it. */
export interface ServerPage {
  readonly list: number;
  readonly servers: readonly ServerRow[];
}

/** How far the opening of a desktop is. */
export interface ConnectProgress {
  readonly server: string;
  readonly message: string;
}

export const EXPORT_FORMATS = ['rdp', 'remmina', 'mremoteng'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A file that was made for another program; it holds no password. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}
