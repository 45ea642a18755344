import type { Listings } from "../../native/mod.ts";

/**
 * A get: `pinned = get(…)`; where there is one: `value(pinned, &length)`, a copy where the value fits,
 * and `destroy(pinned)`. The cells are those of `point_read.ts`, 8 bytes each.
 */
export const POINT_READ_CODE: Listings = {
  x86_64: `
    f3 0f 1e fa          endbr64
    53                   push   %rbx
    48 89 fb             mov    %rdi,%rbx
    48 8b 3b             mov    (%rbx),%rdi
    48 8b 73 08          mov    0x8(%rbx),%rsi
    48 8b 53 10          mov    0x10(%rbx),%rdx
    48 8b 4b 18          mov    0x18(%rbx),%rcx
    4c 8b 43 20          mov    0x20(%rbx),%r8
    4c 8b 4b 28          mov    0x28(%rbx),%r9
    ff 53 50             call   *0x50(%rbx)
    48 89 43 40          mov    %rax,0x40(%rbx)
    48 85 c0             test   %rax,%rax
    74 2c                je     0x57
    48 89 c7             mov    %rax,%rdi
    48 8d 73 48          lea    0x48(%rbx),%rsi
    ff 53 58             call   *0x58(%rbx)
    48 8b 53 48          mov    0x48(%rbx),%rdx
    48 3b 53 38          cmp    0x38(%rbx),%rdx
    77 0a                ja     0x49
    48 8b 7b 30          mov    0x30(%rbx),%rdi
    48 89 c6             mov    %rax,%rsi
    ff 53 60             call   *0x60(%rbx)
    48 8b 7b 40          mov    0x40(%rbx),%rdi
    ff 53 68             call   *0x68(%rbx)
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
    a9400660             ldp    x0, x1, [x19]
    a9410e62             ldp    x2, x3, [x19, #16]
    a9421664             ldp    x4, x5, [x19, #32]
    f9402a68             ldr    x8, [x19, #80]
    d63f0100             blr    x8
    f9002260             str    x0, [x19, #64]
    b40001e0             cbz    x0, 0x68
    91012261             add    x1, x19, #0x48
    f9402e68             ldr    x8, [x19, #88]
    d63f0100             blr    x8
    aa0003e1             mov    x1, x0
    a9430e60             ldp    x0, x3, [x19, #48]
    f9402662             ldr    x2, [x19, #72]
    eb03005f             cmp    x2, x3
    54000068             b.hi   0x58
    f9403268             ldr    x8, [x19, #96]
    d63f0100             blr    x8
    f9402260             ldr    x0, [x19, #64]
    f9403668             ldr    x8, [x19, #104]
    d63f0100             blr    x8
    52800020             mov    w0, #0x1
    f9400bf3             ldr    x19, [sp, #16]
    a8c27bfd             ldp    x29, x30, [sp], #32
    d65f03c0             ret
  `,
};
