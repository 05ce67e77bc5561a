// The disk of a switched-off guest. Types only. May touch: host, shared.

/** Where Windows lies on a disk; offsets and sizes in bytes, `partition` counts from 1. */
export interface WindowsLocation {
  readonly partition: number;
  readonly offset: number;
  readonly size: number;
  /** Path of the Windows folder in that partition, e.g. `/Windows`. */
  readonly windows: string;
  readonly state: 'clean' | 'dirty' | 'hibernated' | 'bitlocker';
}

export interface Injected {
  readonly location: WindowsLocation;
  /** Path inside the guest, e.g. `/Users/Administrator/Desktop/CloudbaseInitSetup_x64.msi`. */
  readonly guestPath: string;
  readonly method: 'fuse' | 'guestfish' | 'nbd';
  readonly bytes: number;
  readonly sha256: string;
}
