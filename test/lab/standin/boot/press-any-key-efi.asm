; The UEFI twin of press-any-key.asm, what efisys.bin starts on real media: always asks "Press any key to boot from CD or
; DVD.....", one dot a second. After a key it starts the loader that is built into it; otherwise it ends with an error, so
; that the firmware goes on to its next boot device. GRUB cannot ask this itself: its sleep hears the Esc key only.
; Assemble with -D LOADER="'file'".

bits 64
default rel

FILE_ALIGNMENT    equ 0x200
SECTION_ALIGNMENT equ 0x1000
EFI_TIMEOUT       equ 18 | (1 << 63)
; Offsets of the UEFI specification, 2.x
CON_IN            equ 0x30              ; in the system table
CON_OUT           equ 0x40
BOOT_SERVICES     equ 0x60
RESET             equ 0x00              ; in the text input
READ_KEY_STROKE   equ 0x08
OUTPUT_STRING     equ 0x08              ; in the text output
LOAD_IMAGE        equ 0xC8              ; in the boot services
START_IMAGE       equ 0xD0
STALL             equ 0xF8
TENTH             equ 100000            ; of a second, in microseconds

; The headers of a UEFI application with one section. Everything is addressed relatively: nothing needs relocation.
dos_header:
    db "MZ"
    times 60 - ($ - $$) db 0
    dd pe_header - $$
pe_header:
    db "PE", 0, 0
    dw 0x8664, 1                        ; x86-64, one section
    dd 0, 0, 0
    dw optional_end - optional_header
    dw 0x0022                           ; executable, large addresses
optional_header:
    dw 0x020B
    db 1, 0
    dd raw_size, 0, 0
    dd SECTION_ALIGNMENT                ; the entry point
    dd SECTION_ALIGNMENT
    dq 0
    dd SECTION_ALIGNMENT, FILE_ALIGNMENT
    dw 0, 0, 0, 0, 0, 0
    dd 0
    dd SECTION_ALIGNMENT + virtual_size
    dd FILE_ALIGNMENT
    dd 0
    dw 10, 0                            ; a UEFI application
    dq 0, 0, 0, 0
    dd 0, 6
    times 6 dq 0
optional_end:
    db ".text", 0, 0, 0
    dd virtual_size, SECTION_ALIGNMENT, raw_size, FILE_ALIGNMENT
    dd 0, 0
    dw 0, 0
    dd 0xE0000020                       ; code that may be read, written and run
    times FILE_ALIGNMENT - ($ - $$) db 0

section_start:
    push rbx
    push rsi
    push rdi
    sub rsp, 0x40                       ; room for six arguments; keeps the stack at multiples of 16
    mov [image], rcx
    mov rbx, rdx                        ; the system table
    mov rcx, [rbx + CON_IN]
    xor edx, edx
    call [rcx + RESET]
    lea rdx, [question]
    call print
    mov esi, 5
.dot:
    lea rdx, [dot]
    call print
    mov edi, 10
.tenth:
    mov rcx, [rbx + CON_IN]
    lea rdx, [key]
    call [rcx + READ_KEY_STROKE]
    test rax, rax
    jz .pressed
    mov rax, [rbx + BOOT_SERVICES]
    mov ecx, TENTH
    call [rax + STALL]
    dec edi
    jnz .tenth
    dec esi
    jnz .dot
    mov rax, EFI_TIMEOUT
    jmp .end
.pressed:
    lea rdx, [new_line]
    call print
    xor ecx, ecx
    mov rdx, [image]
    xor r8d, r8d
    lea r9, [loader]
    mov qword [rsp + 0x20], loader_end - loader
    lea rax, [loader_image]
    mov [rsp + 0x28], rax
    mov rax, [rbx + BOOT_SERVICES]
    call [rax + LOAD_IMAGE]
    test rax, rax
    jnz .end
    mov rcx, [loader_image]
    xor edx, edx
    xor r8d, r8d
    mov rax, [rbx + BOOT_SERVICES]
    call [rax + START_IMAGE]
.end:
    add rsp, 0x40
    pop rdi
    pop rsi
    pop rbx
    ret

; Prints the text at RDX.
print:
    sub rsp, 0x28
    mov rcx, [rbx + CON_OUT]
    call [rcx + OUTPUT_STRING]
    add rsp, 0x28
    ret

image:        dq 0
loader_image: dq 0
key:          dd 0
question:     dw __utf16__("Press any key to boot from CD or DVD"), 0
dot:          dw ".", 0
new_line:     dw 13, 10, 0
    align 16
loader:
    incbin LOADER
loader_end:
    align FILE_ALIGNMENT, db 0
section_end:

raw_size     equ section_end - section_start
virtual_size equ (raw_size + SECTION_ALIGNMENT - 1) / SECTION_ALIGNMENT * SECTION_ALIGNMENT
