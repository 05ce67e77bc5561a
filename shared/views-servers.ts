// What the page "Servers" shows: plain data, the results and payloads of its calls.
import type { ServerView } from './views.ts';
import type { ConsoleView } from './views-launch.ts';

/** A server in a long list. */
export interface ServerRow extends ServerView {
  /** Name of the image; null where it booted from a volume or the image is gone. */
  readonly imageName: string | null;
  /** Whether its image or its metadata say that it runs Windows. */
  readonly windows: boolean;
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

/** What a server shows of itself without the network. */
export interface ServerConsole {
  /** Last lines of the serial port, where Cloudbase-Init writes. */
  readonly log: string;
  readonly screen: ConsoleView | null;
  /** Why there is no screen. */
  readonly refused: string | null;
}

export const EXPORT_FORMATS = ['rdp', 'remmina', 'mremoteng'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A file that was made for another program; it holds no password. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}
