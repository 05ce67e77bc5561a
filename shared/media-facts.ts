// What Casement has read in a Windows ISO, a virtio-win ISO or the Cloudbase-Init installer. Plain data, no I/O.

/** A sentence about media; with a problem the file cannot be used for a build, with a warning it can. */
export interface MediaNote {
  readonly level: 'problem' | 'warning';
  readonly id: string;
  readonly text: string;
}

export interface WindowsImageFacts {
  /** What Setup calls `/IMAGE/INDEX`. */
  readonly index: number;
  readonly name: string;
  readonly displayName: string;
  readonly edition: string;
  /** `Client`, `Server` (with a desktop) or `Server Core`. */
  readonly installationType: string;
  /** Unpacked size in bytes: the least that the installed disk will hold. */
  readonly bytes: number;
}

export interface WindowsMediaFacts {
  readonly kind: 'windows';
  /** Id of the Windows catalogue; null for a Windows that Casement does not build. */
  readonly product: string | null;
  readonly title: string;
  readonly build: number;
  readonly arch: 'amd64' | 'x86' | 'arm64' | 'unknown';
  readonly languages: readonly string[];
  readonly evaluation: boolean;
  readonly boot: { readonly bios: boolean; readonly uefi: boolean };
  readonly images: readonly WindowsImageFacts[];
  readonly notes: readonly MediaNote[];
}

export interface VirtioMediaFacts {
  readonly kind: 'virtio-win';
  readonly version: string | null;
  /** Driver folder → the Windows folders in it that hold amd64 drivers. */
  readonly folders: Readonly<Record<string, readonly string[]>>;
  readonly notes: readonly MediaNote[];
}

export interface CloudbaseMediaFacts {
  readonly kind: 'cloudbase-init';
  readonly version: string;
  readonly notes: readonly MediaNote[];
}

export interface OtherMediaFacts {
  readonly kind: 'other';
  /** What it is instead, in words. */
  readonly what: string;
  readonly notes: readonly MediaNote[];
}

export type MediaFacts = WindowsMediaFacts | VirtioMediaFacts | CloudbaseMediaFacts | OtherMediaFacts;
