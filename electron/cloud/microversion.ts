// Which of Nova's microversions is spoken, and what it allows. Pure.

/** Newest microversion this client was written for: 2.79 (Train, 2019). Newer ones change nothing it needs. */
const WRITTEN_FOR = 79;

export interface Microversion {
  readonly header: string;
  /** Tags can be given when a server is created (2.52). Older clouds keep the tag in the metadata. */
  readonly tagsOnCreate: boolean;
  /** Key pairs have a type and import answers 201 (2.2). */
  readonly keypairTypes: boolean;
  /** A request must say which network, or `auto` (2.37). */
  readonly networkRequired: boolean;
  /** Consoles are asked for at `remote-consoles` (2.6); older clouds have an action for each kind. */
  readonly remoteConsoles: boolean;
}

/** The microversion to speak with a Nova whose newest is `newest` (`2.93`; empty on clouds without any). */
export function negotiate(newest: string): Microversion {
  const minor = Number(/^2\.(\d+)$/.exec(newest)?.[1] ?? '1');
  const spoken = Math.min(minor, WRITTEN_FOR);
  return {
    header: `2.${spoken}`,
    tagsOnCreate: spoken >= 52,
    keypairTypes: spoken >= 2,
    networkRequired: spoken >= 37,
    remoteConsoles: spoken >= 6,
  };
}
