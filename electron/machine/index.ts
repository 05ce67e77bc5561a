// The build VM and its disk: qemu-img, the QEMU command line, QMP, screen. The VM is a detached job of the host that
// outlives the app; everything here only looks in on it.
// May touch: host, shared.
export { acceleration, machineFiles, qemuShell, qemuWords } from './command.ts';
export {
  createDisk,
  type DiskInfo,
  diskInfo,
  hasCheckpoint,
  keepCheckpoint,
  restoreCheckpoint,
} from './disk.ts';
export { buildMachine } from './machine.ts';
export { screenChange } from './png.ts';
export { openSerial } from './serial.ts';
