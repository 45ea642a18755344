import type { Listings } from "../../native/mod.ts";

/**
 * A step of a walk: `move(iterator)`; then, where `valid(iterator)`: where key and value are, and
 * their lengths. The cells are those of `walk.ts`, 8 bytes each.
 */
export const WALK_CODE: Listings = {
  x86_64: `
    f3 0f 1e fa          endbr64
    53                   push   %rbx
    48 89 fb             mov    %rdi,%rbx
    48 8b 3b             mov    (%rbx),%rdi
    ff 53 08             call   *0x8(%rbx)
    48 8b 3b             mov    (%rbx),%rdi
    ff 53 10             call   *0x10(%rbx)
    84 c0                test   %al,%al
    74 23                je     0x3b
    48 8b 3b             mov    (%rbx),%rdi
    48 8d 73 28          lea    0x28(%rbx),%rsi
    ff 53 18             call   *0x18(%rbx)
    48 89 43 38          mov    %rax,0x38(%rbx)
    48 8b 3b             mov    (%rbx),%rdi
    48 8d 73 30          lea    0x30(%rbx),%rsi
    ff 53 20             call   *0x20(%rbx)
    48 89 43 40          mov    %rax,0x40(%rbx)
    b8 01 00 00 00       mov    $0x1,%eax
    5b                   pop    %rbx
    c3                   ret
    31 c0                xor    %eax,%eax
    5b                   pop    %rbx
    c3                   ret
  `,
  aarch64: `
    d503245f             bti    c
    a9be7bfd             stp    x29, x30, [sp, #-32]!
    910003fd             mov    x29, sp
    f9000bf3             str    x19, [sp, #16]
    aa0003f3             mov    x19, x0
    a9402260             ldp    x0, x8, [x19]
    d63f0100             blr    x8
    f9400260             ldr    x0, [x19]
    f9400a68             ldr    x8, [x19, #16]
    d63f0100             blr    x8
    12001c00             and    w0, w0, #0xff
    34000180             cbz    w0, 0x5c
    f9400260             ldr    x0, [x19]
    9100a261             add    x1, x19, #0x28
    f9400e68             ldr    x8, [x19, #24]
    d63f0100             blr    x8
    f9001e60             str    x0, [x19, #56]
    f9400260             ldr    x0, [x19]
    9100c261             add    x1, x19, #0x30
    f9401268             ldr    x8, [x19, #32]
    d63f0100             blr    x8
    f9002260             str    x0, [x19, #64]
    52800020             mov    w0, #0x1
    f9400bf3             ldr    x19, [sp, #16]
    a8c27bfd             ldp    x29, x30, [sp], #32
    d65f03c0             ret
  `,
};
