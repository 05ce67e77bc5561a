; The El Torito boot image of the stand-in's Windows CD: what etfsboot.com and bootfix.bin are on real media.
; If the first hard disk has an active partition it asks "Press any key to boot from CD or DVD.....", one dot a second,
; and hands over to the disk when nobody answers. Otherwise, or after a key, it starts the loader that follows it in
; the same file, from the next CD sector on.

bits 16
org 0x0600                              ; where this code moves, to leave 0x7C00 free for what it starts

BOOT_ADDRESS     equ 0x7C00             ; the BIOS starts boot sectors here
MBR_BUFFER       equ 0x8000
CD_SECTOR        equ 2048
HARD_DISK        equ 0x80
ACTIVE           equ 0x80
TICKS_PER_SECOND equ 18
TICK_COUNTER     equ 0x046C             ; BIOS data area, counts 18.2 times a second

    jmp short start
    times 8 - ($ - $$) db 0

; The "boot information table" that genisoimage -boot-info-table fills in.
volume_descriptor_lba: dd 0
own_lba:               dd 0
own_length:            dd 0
    times 64 - ($ - $$) db 0

start:
    cli
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, BOOT_ADDRESS
    sti
    cld
    mov si, BOOT_ADDRESS
    mov di, 0x0600
    mov cx, CD_SECTOR / 2
    rep movsw
    jmp 0:moved

moved:
    mov [cd_drive], dl
    call disk_is_bootable
    jc start_from_cd
    mov si, question
    call print
    call wait_for_key
    jnc start_from_cd
    jmp start_from_disk

; Carry clear when the first hard disk has a boot sector with an active partition.
disk_is_bootable:
    mov ax, 0x0201                      ; read one sector
    mov bx, MBR_BUFFER
    mov cx, 0x0001                      ; cylinder 0, sector 1
    mov dx, HARD_DISK
    int 0x13
    jc .no
    cmp word [MBR_BUFFER + 510], 0xAA55
    jne .no
    mov si, MBR_BUFFER + 446
    mov cx, 4
.entry:
    cmp byte [si], ACTIVE
    je .yes
    add si, 16
    loop .entry
.no:
    stc
    ret
.yes:
    clc
    ret

; Five dots, one a second. Carry clear as soon as a key is pressed, set when none was.
wait_for_key:
    mov cx, 5
.dot:
    mov si, dot
    call print
    mov dx, TICKS_PER_SECOND
.tick:
    mov bx, [TICK_COUNTER]
.same_tick:
    mov ah, 1                           ; is a key waiting?
    int 0x16
    jnz .pressed
    hlt
    cmp bx, [TICK_COUNTER]
    je .same_tick
    dec dx
    jnz .tick
    loop .dot
    stc
    ret
.pressed:
    xor ah, ah                          ; take the key away
    int 0x16
    clc
    ret

start_from_disk:
    mov si, new_line
    call print
    mov si, MBR_BUFFER
    mov di, BOOT_ADDRESS
    mov cx, 256
    rep movsw
    mov dx, HARD_DISK
    jmp 0:BOOT_ADDRESS

; Reads the first sector of the loader and tells it where it lies, as genisoimage would have done.
start_from_cd:
    mov eax, [own_lba]
    inc eax
    mov [packet.lba], eax
    mov ah, 0x42                        ; extended read
    mov dl, [cd_drive]
    mov si, packet
    int 0x13
    jc .unreadable
    mov eax, [volume_descriptor_lba]
    mov [BOOT_ADDRESS + 8], eax
    mov eax, [packet.lba]
    mov [BOOT_ADDRESS + 12], eax
    mov eax, [own_length]
    sub eax, CD_SECTOR
    mov [BOOT_ADDRESS + 16], eax
    mov dl, [cd_drive]
    jmp 0:BOOT_ADDRESS
.unreadable:
    mov si, cannot_read
    call print
.forever:
    hlt
    jmp .forever

; Prints the zero-terminated text at SI. Keeps CX, DX.
print:
    push cx
    push dx
.next:
    lodsb
    or al, al
    jz .done
    mov ah, 0x0E
    mov bx, 7
    int 0x10
    jmp .next
.done:
    pop dx
    pop cx
    ret

packet:
    db 16, 0
    dw 1
    dw BOOT_ADDRESS, 0
.lba:
    dd 0, 0

cd_drive:    db 0
question:    db 13, 10, "Press any key to boot from CD or DVD", 0
dot:         db ".", 0
new_line:    db 13, 10, 0
cannot_read: db 13, 10, "The Windows CD could not be read.", 0

    times CD_SECTOR - ($ - $$) db 0
