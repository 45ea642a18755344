/**
 * The operations of `native_operations.c`, as `gcc -O2 -fPIC -ffreestanding` compiles each: by their
 * calls alone they read and write a database, whatever the loop is that calls them.
 */
import type { Listings } from "../../native/mod.ts";

/** `tidemark_get` */
export const NATIVE_GET_CODE: Listings = {
  x86_64: `
    f3 0f 1e fa           endbr64
    41 55                 push   %r13
    49 89 cd              mov    %rcx,%r13
    48 89 f1              mov    %rsi,%rcx
    41 54                 push   %r12
    4d 89 c4              mov    %r8,%r12
    49 89 d0              mov    %rdx,%r8
    55                    push   %rbp
    53                    push   %rbx
    48 89 fb              mov    %rdi,%rbx
    48 83 ec 08           sub    $0x8,%rsp
    48 8b 3f              mov    (%rdi),%rdi
    4c 8b 4b 28           mov    0x28(%rbx),%r9
    48 8b 53 18           mov    0x18(%rbx),%rdx
    48 8b 73 08           mov    0x8(%rbx),%rsi
    ff 53 30              call   *0x30(%rbx)
    48 85 c0              test   %rax,%rax
    74 36                 je     0x6a
    48 89 c5              mov    %rax,%rbp
    48 8d 73 68           lea    0x68(%rbx),%rsi
    48 89 c7              mov    %rax,%rdi
    ff 53 38              call   *0x38(%rbx)
    48 8b 53 68           mov    0x68(%rbx),%rdx
    49 39 d4              cmp    %rdx,%r12
    73 15                 jae    0x5f
    48 89 ef              mov    %rbp,%rdi
    ff 53 48              call   *0x48(%rbx)
    48 8b 43 68           mov    0x68(%rbx),%rax
    48 83 c4 08           add    $0x8,%rsp
    5b                    pop    %rbx
    5d                    pop    %rbp
    41 5c                 pop    %r12
    41 5d                 pop    %r13
    c3                    ret
    48 89 c6              mov    %rax,%rsi
    4c 89 ef              mov    %r13,%rdi
    ff 53 40              call   *0x40(%rbx)
    eb e0                 jmp    0x4a
    48 8b 43 28           mov    0x28(%rbx),%rax
    48 83 38 01           cmpq   $0x1,(%rax)
    48 c7 c0 fe ff ff ff  mov    $0xfffffffffffffffe,%rax
    48 83 d0 00           adc    $0x0,%rax
    48 83 c4 08           add    $0x8,%rsp
    5b                    pop    %rbx
    5d                    pop    %rbp
    41 5c                 pop    %r12
    41 5d                 pop    %r13
    c3                    ret
  `,
  aarch64: `
    d503245f             bti c
    a9bd7bfd             stp x29, x30, [sp, #-48]!
    910003fd             mov x29, sp
    a90153f3             stp x19, x20, [sp, #16]
    aa0003f3             mov x19, x0
    f9400000             ldr x0, [x0]
    a9025bf5             stp x21, x22, [sp, #32]
    aa0303f5             mov x21, x3
    a9429a65             ldp x5, x6, [x19, #40]
    aa0103e3             mov x3, x1
    f9400661             ldr x1, [x19, #8]
    aa0403f6             mov x22, x4
    aa0203e4             mov x4, x2
    f9400e62             ldr x2, [x19, #24]
    d63f00c0             blr x6
    b40002a0             cbz x0, 0x90
    f9401e62             ldr x2, [x19, #56]
    aa0003f4             mov x20, x0
    9101a261             add x1, x19, #0x68
    d63f0040             blr x2
    f9403662             ldr x2, [x19, #104]
    eb16005f             cmp x2, x22
    54000129             b.ls 0x7c
    f9402661             ldr x1, [x19, #72]
    aa1403e0             mov x0, x20
    d63f0020             blr x1
    a9425bf5             ldp x21, x22, [sp, #32]
    f9403660             ldr x0, [x19, #104]
    a94153f3             ldp x19, x20, [sp, #16]
    a8c37bfd             ldp x29, x30, [sp], #48
    d65f03c0             ret
    f9402263             ldr x3, [x19, #64]
    aa0003e1             mov x1, x0
    aa1503e0             mov x0, x21
    d63f0060             blr x3
    17fffff4             b 0x5c
    f9401660             ldr x0, [x19, #40]
    a94153f3             ldp x19, x20, [sp, #16]
    f9400000             ldr x0, [x0]
    a9425bf5             ldp x21, x22, [sp, #32]
    f100001f             cmp x0, #0x0
    9a9f17e0             cset x0, eq
    d1000800             sub x0, x0, #0x2
    a8c37bfd             ldp x29, x30, [sp], #48
    d65f03c0             ret
  `,
};

/** `tidemark_put` */
export const NATIVE_PUT_CODE: Listings = {
  x86_64: `
    f3 0f 1e fa           endbr64
    41 56                 push   %r14
    49 89 ce              mov    %rcx,%r14
    41 55                 push   %r13
    49 89 d5              mov    %rdx,%r13
    41 54                 push   %r12
    49 89 f4              mov    %rsi,%r12
    55                    push   %rbp
    4c 89 c5              mov    %r8,%rbp
    53                    push   %rbx
    48 89 fb              mov    %rdi,%rbx
    48 8b 7f 20           mov    0x20(%rdi),%rdi
    ff 53 50              call   *0x50(%rbx)
    48 8b 73 18           mov    0x18(%rbx),%rsi
    48 8b 7b 20           mov    0x20(%rbx),%rdi
    49 89 e9              mov    %rbp,%r9
    4d 89 f0              mov    %r14,%r8
    4c 89 e9              mov    %r13,%rcx
    4c 89 e2              mov    %r12,%rdx
    ff 53 58              call   *0x58(%rbx)
    48 8b 4b 28           mov    0x28(%rbx),%rcx
    48 8b 53 20           mov    0x20(%rbx),%rdx
    48 8b 73 10           mov    0x10(%rbx),%rsi
    48 8b 3b              mov    (%rbx),%rdi
    ff 53 60              call   *0x60(%rbx)
    48 8b 43 28           mov    0x28(%rbx),%rax
    5b                    pop    %rbx
    48 83 38 00           cmpq   $0x0,(%rax)
    48 c7 c0 fe ff ff ff  mov    $0xfffffffffffffffe,%rax
    48 0f 44 c5           cmove  %rbp,%rax
    5d                    pop    %rbp
    41 5c                 pop    %r12
    41 5d                 pop    %r13
    41 5e                 pop    %r14
    c3                    ret
  `,
  aarch64: `
    d503245f             bti c
    a9bc7bfd             stp x29, x30, [sp, #-64]!
    910003fd             mov x29, sp
    a90153f3             stp x19, x20, [sp, #16]
    aa0003f3             mov x19, x0
    aa0403f4             mov x20, x4
    f9401000             ldr x0, [x0, #32]
    a9025bf5             stp x21, x22, [sp, #32]
    aa0103f5             mov x21, x1
    f9402a61             ldr x1, [x19, #80]
    f9001bf7             str x23, [sp, #48]
    aa0203f6             mov x22, x2
    aa0303f7             mov x23, x3
    d63f0020             blr x1
    a9418261             ldp x1, x0, [x19, #24]
    aa1403e5             mov x5, x20
    f9402e66             ldr x6, [x19, #88]
    aa1703e4             mov x4, x23
    aa1603e3             mov x3, x22
    aa1503e2             mov x2, x21
    d63f00c0             blr x6
    a9420e62             ldp x2, x3, [x19, #32]
    f9400260             ldr x0, [x19]
    f9400a61             ldr x1, [x19, #16]
    f9403264             ldr x4, [x19, #96]
    d63f0080             blr x4
    f9401661             ldr x1, [x19, #40]
    92800020             mov x0, #0xfffffffffffffffe
    a9425bf5             ldp x21, x22, [sp, #32]
    f9400021             ldr x1, [x1]
    f9401bf7             ldr x23, [sp, #48]
    f100003f             cmp x1, #0x0
    9a800280             csel x0, x20, x0, eq
    a94153f3             ldp x19, x20, [sp, #16]
    a8c47bfd             ldp x29, x30, [sp], #64
    d65f03c0             ret
  `,
};
