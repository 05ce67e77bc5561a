// With which firmware a finished disk starts, told by its partition table.
import type { Host } from '../host/types.ts';
import { partitions } from './partitions.ts';
import { openDisk } from './reader.ts';

/** Type of an EFI system partition. Source: UEFI specification, "Defined GPT Partition Entry - Partition Type GUIDs". */
const EFI_SYSTEM = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';

/** `uefi` when the disk has an EFI system partition, `bios` when it has other ones, null when there is no table. */
export async function diskFirmware(host: Host, path: string): Promise<'bios' | 'uefi' | null> {
  const { read } = await openDisk(host, path);
  const found = await partitions(read);
  if (found.length === 0) return null;
  return found.some(({ type }) => type.toLowerCase().includes(EFI_SYSTEM)) ? 'uefi' : 'bios';
}
