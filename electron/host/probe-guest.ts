// The tiny guest that proves KVM: one boot sector that runs what broken KVMs die of, then ends QEMU. Pure data.

/** The guest writes this to isa-debug-exit; QEMU then ends with (value << 1) | 1. No other end of QEMU gives this status. */
const GUEST_SAYS = 0x2a;
/** Exit status of QEMU when the tiny guest came to its end. */
export const GUEST_EXIT = (GUEST_SAYS << 1) | 1;

const SECTOR = 512;

// Machine code beside its assembly (NASM syntax), loaded by the firmware at 0000:7c00. KVMs were met where guests die
// on iret, on fwait or on cmpxchg16b while the firmware still runs well, so all three stand here; the last one needs
// long mode, which at the same time proves paging.
const CODE: readonly (readonly [hex: string, assembly: string])[] = [
  ['fa', 'cli'],
  ['31c0', 'xor ax, ax'],
  ['8ed8', 'mov ds, ax'],
  ['8ec0', 'mov es, ax'],
  ['8ed0', 'mov ss, ax'],
  ['bc007c', 'mov sp, 0x7c00'],
  ['9c', 'pushf               ; a frame for iret: flags, segment, offset'],
  ['0e', 'push cs'],
  ['68127c', 'push word 0x7c12'],
  ['cf', 'iret                ; goes on right behind itself'],
  ['dbe3', 'fninit'],
  ['9b', 'fwait               ; real mode'],
  ['66bf00100000', 'mov edi, 0x1000     ; page tables at 0x1000, 0x2000, 0x3000'],
  ['0f22df', 'mov cr3, edi'],
  ['6631c0', 'xor eax, eax'],
  ['b9000c', 'mov cx, 0x0c00'],
  ['f366ab', 'rep stosd'],
  ['c70600100320', 'mov word [0x1000], 0x2003'],
  ['c70600200330', 'mov word [0x2000], 0x3003'],
  ['c70600308300', 'mov word [0x3000], 0x0083 ; the first 2 MiB, one to one'],
  ['0f20e0', 'mov eax, cr4'],
  ['0c20', 'or al, 0x20         ; PAE'],
  ['0f22e0', 'mov cr4, eax'],
  ['66b9800000c0', 'mov ecx, 0xc0000080 ; EFER'],
  ['0f32', 'rdmsr'],
  ['80cc01', 'or ah, 1            ; LME'],
  ['0f30', 'wrmsr'],
  ['0f0116a07c', 'lgdt [0x7ca0]'],
  ['0f20c0', 'mov eax, cr0'],
  ['24f3', 'and al, 0xf3        ; EM and TS off, or fwait would fault'],
  ['660d01000080', 'or eax, 0x80000001  ; PG and PE'],
  ['0f22c0', 'mov cr0, eax'],
  ['ea667c0800', 'jmp 8:0x7c66        ; 64-bit code from here on'],
  ['9b', 'fwait'],
  ['bf00400000', 'mov edi, 0x4000'],
  ['31c0', 'xor eax, eax        ; expected: zero'],
  ['31d2', 'xor edx, edx'],
  ['488907', 'mov [rdi], rax'],
  ['48895708', 'mov [rdi+8], rdx'],
  ['bb2a000000', 'mov ebx, 0x2a       ; new: GUEST_SAYS'],
  ['31c9', 'xor ecx, ecx'],
  ['f0480fc70f', 'lock cmpxchg16b [rdi]'],
  ['7504', 'jnz fail'],
  ['8b07', 'mov eax, [rdi]      ; only the exchange can have put 0x2a there'],
  ['e6f4', 'out 0xf4, al        ; isa-debug-exit: QEMU ends'],
  ['f4', 'fail: hlt'],
  ['ebfd', 'jmp fail'],
  ['90909090', 'align 8'],
  ['0000000000000000', 'the null descriptor, at 0x7c90'],
  ['00000000009a2000', '64-bit code, ring 0'],
  ['0f00907c0000', 'limit and address of the table above, at 0x7ca0'],
];

/** The boot sector, 512 bytes. */
export function bootSector(): Uint8Array {
  const sector = new Uint8Array(SECTOR);
  sector.set(Buffer.from(CODE.map(([hex]) => hex).join(''), 'hex'));
  sector.set([0x55, 0xaa], SECTOR - 2);
  return sector;
}

/** Bytes as octal escapes that every POSIX printf turns back into them. */
export function octal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
