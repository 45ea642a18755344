import type { Listings } from "../../native/mod.ts";

/** The function of `native_loop.c`, as `gcc -O2 -fPIC -ffreestanding` compiles it. */
export const NATIVE_LOOP_CODE: Listings = {
  x86_64: `
    f3 0f 1e fa                    endbr64
    41 57                          push   %r15
    41 56                          push   %r14
    41 55                          push   %r13
    41 54                          push   %r12
    4c 8d 67 40                    lea    0x40(%rdi),%r12
    55                             push   %rbp
    4c 89 e6                       mov    %r12,%rsi
    53                             push   %rbx
    48 89 fb                       mov    %rdi,%rbx
    48 83 ec 18                    sub    $0x18,%rsp
    8b 7f 30                       mov    0x30(%rdi),%edi
    ff 53 28                       call   *0x28(%rbx)
    48 8b 6b 40                    mov    0x40(%rbx),%rbp
    48 2b 6b 38                    sub    0x38(%rbx),%rbp
    48 69 ed 00 ca 9a 3b           imul   $0x3b9aca00,%rbp,%rbp
    48 8b 13                       mov    (%rbx),%rdx
    48 03 6b 48                    add    0x48(%rbx),%rbp
    e9 e4 00 00 00                 jmp    0x121
    48 8b 93 90 00 00 00           mov    0x90(%rbx),%rdx
    f2 0f 10 02                    movsd  (%rdx),%xmm0
    f2 0f 58 83 b0 00 00 00        addsd  0xb0(%rbx),%xmm0
    f2 0f 11 02                    movsd  %xmm0,(%rdx)
    48 83 f8 ff                    cmp    $0xffffffffffffffff,%rax
    0f 84 8a 01 00 00              je     0x1e8
    48 8b 93 88 00 00 00           mov    0x88(%rbx),%rdx
    66 0f ef c0                    pxor   %xmm0,%xmm0
    f2 48 0f 2a c0                 cvtsi2sd %rax,%xmm0
    f2 0f 58 02                    addsd  (%rdx),%xmm0
    f2 0f 11 02                    movsd  %xmm0,(%rdx)
    8b 7b 30                       mov    0x30(%rbx),%edi
    4c 89 e6                       mov    %r12,%rsi
    ff 53 28                       call   *0x28(%rbx)
    48 8b 43 40                    mov    0x40(%rbx),%rax
    48 2b 43 38                    sub    0x38(%rbx),%rax
    48 69 c0 00 ca 9a 3b           imul   $0x3b9aca00,%rax,%rax
    48 03 43 48                    add    0x48(%rbx),%rax
    f2 0f 10 54 24 08              movsd  0x8(%rsp),%xmm2
    48 89 c7                       mov    %rax,%rdi
    4d 8b 47 10                    mov    0x10(%r15),%r8
    48 29 ef                       sub    %rbp,%rdi
    f2 0f 11 53 58                 movsd  %xmm2,0x58(%rbx)
    48 81 ff ff 07 00 00           cmp    $0x7ff,%rdi
    0f 8e 26 01 00 00              jle    0x1da
    48 be ff ff ff ff ff 03 00 00  movabs $0x3ffffffffff,%rsi
    b9 35 00 00 00                 mov    $0x35,%ecx
    48 39 f7                       cmp    %rsi,%rdi
    48 0f 4e f7                    cmovle %rdi,%rsi
    48 0f bd d6                    bsr    %rsi,%rdx
    48 83 f2 3f                    xor    $0x3f,%rdx
    29 d1                          sub    %edx,%ecx
    48 63 d1                       movslq %ecx,%rdx
    48 d3 fe                       sar    %cl,%rsi
    48 c1 e2 0a                    shl    $0xa,%rdx
    48 01 f2                       add    %rsi,%rdx
    41 83 04 90 01                 addl   $0x1,(%r8,%rdx,4)
    48 8b 53 78                    mov    0x78(%rbx),%rdx
    48 8b 0b                       mov    (%rbx),%rcx
    f2 0f 10 02                    movsd  (%rdx),%xmm0
    f2 0f 58 83 b0 00 00 00        addsd  0xb0(%rbx),%xmm0
    f2 0f 11 02                    movsd  %xmm0,(%rdx)
    48 8d 51 01                    lea    0x1(%rcx),%rdx
    48 8b 8b a0 00 00 00           mov    0xa0(%rbx),%rcx
    66 0f ef c0                    pxor   %xmm0,%xmm0
    f2 48 0f 2a c7                 cvtsi2sd %rdi,%xmm0
    48 89 13                       mov    %rdx,(%rbx)
    66 0f 2f 01                    comisd (%rcx),%xmm0
    0f 87 13 01 00 00              ja     0x231
    48 89 c5                       mov    %rax,%rbp
    66 0f ef c9                    pxor   %xmm1,%xmm1
    f2 48 0f 2a cd                 cvtsi2sd %rbp,%xmm1
    f2 0f 11 4c 24 08              movsd  %xmm1,0x8(%rsp)
    48 3b 53 08                    cmp    0x8(%rbx),%rdx
    0f 83 d4 00 00 00              jae    0x20e
    f2 0f 10 43 50                 movsd  0x50(%rbx),%xmm0
    66 0f 2f c1                    comisd %xmm1,%xmm0
    0f 86 c5 00 00 00              jbe    0x20e
    48 8b 43 68                    mov    0x68(%rbx),%rax
    44 8b 28                       mov    (%rax),%r13d
    45 85 ed                       test   %r13d,%r13d
    0f 85 b5 00 00 00              jne    0x20e
    48 8b 43 10                    mov    0x10(%rbx),%rax
    48 8d 14 52                    lea    (%rdx,%rdx,2),%rdx
    4c 8d 34 d0                    lea    (%rax,%rdx,8),%r14
    41 8b 46 10                    mov    0x10(%r14),%eax
    49 8b 36                       mov    (%r14),%rsi
    45 8b 46 0c                    mov    0xc(%r14),%r8d
    48 8d 14 80                    lea    (%rax,%rax,4),%rdx
    48 8b 43 18                    mov    0x18(%rbx),%rax
    4c 8d 3c d0                    lea    (%rax,%rdx,8),%r15
    48 8b 43 70                    mov    0x70(%rbx),%rax
    41 8b 56 14                    mov    0x14(%r14),%edx
    f2 41 0f 10 47 18              movsd  0x18(%r15),%xmm0
    49 8b 7f 08                    mov    0x8(%r15),%rdi
    f2 0f 11 00                    movsd  %xmm0,(%rax)
    48 8b 43 20                    mov    0x20(%rbx),%rax
    48 8b 0c d0                    mov    (%rax,%rdx,8),%rcx
    41 8b 56 08                    mov    0x8(%r14),%edx
    41 ff 17                       call   *(%r15)
    48 83 f8 ff                    cmp    $0xffffffffffffffff,%rax
    7c 78                          jl     0x21f
    49 83 7f 20 00                 cmpq   $0x0,0x20(%r15)
    0f 85 8b fe ff ff              jne    0x3d
    41 8b 46 08                    mov    0x8(%r14),%eax
    41 8b 4e 0c                    mov    0xc(%r14),%ecx
    66 0f ef c0                    pxor   %xmm0,%xmm0
    48 8b 93 80 00 00 00           mov    0x80(%rbx),%rdx
    48 01 c8                       add    %rcx,%rax
    f2 48 0f 2a c0                 cvtsi2sd %rax,%xmm0
    f2 0f 58 02                    addsd  (%rdx),%xmm0
    f2 0f 11 02                    movsd  %xmm0,(%rdx)
    e9 9c fe ff ff                 jmp    0x76
    31 d2                          xor    %edx,%edx
    48 85 ff                       test   %rdi,%rdi
    48 0f 49 d7                    cmovns %rdi,%rdx
    e9 f9 fe ff ff                 jmp    0xe1
    48 83 bb a8 00 00 00 00        cmpq   $0x0,0xa8(%rbx)
    74 56                          je     0x248
    48 8b 83 98 00 00 00           mov    0x98(%rbx),%rax
    f2 0f 10 00                    movsd  (%rax),%xmm0
    f2 0f 58 83 b0 00 00 00        addsd  0xb0(%rbx),%xmm0
    f2 0f 11 00                    movsd  %xmm0,(%rax)
    e9 68 fe ff ff                 jmp    0x76
    41 bd 01 00 00 00              mov    $0x1,%r13d
    f2 0f 10 5c 24 08              movsd  0x8(%rsp),%xmm3
    f2 0f 11 5b 60                 movsd  %xmm3,0x60(%rbx)
    48 83 c4 18                    add    $0x18,%rsp
    44 89 e8                       mov    %r13d,%eax
    5b                             pop    %rbx
    5d                             pop    %rbp
    41 5c                          pop    %r12
    41 5d                          pop    %r13
    41 5e                          pop    %r14
    41 5f                          pop    %r15
    c3                             ret
    66 0f ef e4                    pxor   %xmm4,%xmm4
    41 bd 02 00 00 00              mov    $0x2,%r13d
    f2 48 0f 2a e0                 cvtsi2sd %rax,%xmm4
    f2 0f 11 64 24 08              movsd  %xmm4,0x8(%rsp)
    eb cc                          jmp    0x214
    41 bd 03 00 00 00              mov    $0x3,%r13d
    eb cf                          jmp    0x21f
  `,
  aarch64: `
    d503245f             bti c
    a9b97bfd             stp x29, x30, [sp, #-112]!
    910003fd             mov x29, sp
    f9401402             ldr x2, [x0, #40]
    a90153f3             stp x19, x20, [sp, #16]
    aa0003f3             mov x19, x0
    a9025bf5             stp x21, x22, [sp, #32]
    91010016             add x22, x0, #0x40
    b9403000             ldr w0, [x0, #48]
    a90363f7             stp x23, x24, [sp, #48]
    aa1603e1             mov x1, x22
    d2994015             mov x21, #0xca00
    a9046bf9             stp x25, x26, [sp, #64]
    f2a77355             movk x21, #0x3b9a, lsl #16
    52800517             mov w23, #0x28
    f9002bfb             str x27, [sp, #80]
    b240a7f4             mov x20, #0x3ffffffffff
    6d0627e8             stp d8, d9, [sp, #96]
    528006b8             mov w24, #0x35
    d63f0040             blr x2
    a9438660             ldp x0, x1, [x19, #56]
    f9402662             ldr x2, [x19, #72]
    cb000021             sub x1, x1, x0
    f9400260             ldr x0, [x19]
    9b150821             madd x1, x1, x21, x2
    9e670029             fmov d9, x1
    f9400661             ldr x1, [x19, #8]
    5e61d928             scvtf d8, d9
    eb00003f             cmp x1, x0
    54000089             b.ls 0x84
    fd402a60             ldr d0, [x19, #80]
    1e682010             fcmpe d0, d8
    5400018c             b.gt 0xb0
    5280003b             mov w27, #0x1
    fd003268             str d8, [x19, #96]
    a94153f3             ldp x19, x20, [sp, #16]
    2a1b03e0             mov w0, w27
    a9425bf5             ldp x21, x22, [sp, #32]
    a94363f7             ldp x23, x24, [sp, #48]
    a9446bf9             ldp x25, x26, [sp, #64]
    f9402bfb             ldr x27, [sp, #80]
    6d4627e8             ldp d8, d9, [sp, #96]
    a8c77bfd             ldp x29, x30, [sp], #112
    d65f03c0             ret
    f9403661             ldr x1, [x19, #104]
    b940003b             ldr w27, [x1]
    35fffe7b             cbnz w27, 0x84
    a9411661             ldp x1, x5, [x19, #16]
    8b000400             add x0, x0, x0, lsl #1
    f9401263             ldr x3, [x19, #32]
    8b000c39             add x25, x1, x0, lsl #3
    f8607821             ldr x1, [x1, x0, lsl #3]
    29418b24             ldp w4, w2, [x25, #12]
    b9401726             ldr w6, [x25, #20]
    9bb77c40             umull x0, w2, w23
    b9400b22             ldr w2, [x25, #8]
    8b0000ba             add x26, x5, x0
    f8667863             ldr x3, [x3, x6, lsl #3]
    f86068a5             ldr x5, [x5, x0]
    f9400740             ldr x0, [x26, #8]
    f9403a66             ldr x6, [x19, #112]
    fd400f40             ldr d0, [x26, #24]
    fd0000c0             str d0, [x6]
    d63f00a0             blr x5
    b100041f             cmn x0, #0x1
    54fffc4b             b.lt 0x8c
    f9401341             ldr x1, [x26, #32]
    b40006c1             cbz x1, 0x1e4
    f9404a61             ldr x1, [x19, #144]
    fd405a61             ldr d1, [x19, #176]
    fd400020             ldr d0, [x1]
    1e612800             fadd d0, d0, d1
    fd000020             str d0, [x1]
    b100041f             cmn x0, #0x1
    540006e0             b.eq 0x204
    f9404661             ldr x1, [x19, #136]
    9e620000             scvtf d0, x0
    fd400021             ldr d1, [x1]
    1e602820             fadd d0, d1, d0
    fd000020             str d0, [x1]
    f9401662             ldr x2, [x19, #40]
    aa1603e1             mov x1, x22
    b9403260             ldr w0, [x19, #48]
    d63f0040             blr x2
    a9438662             ldp x2, x1, [x19, #56]
    f9402660             ldr x0, [x19, #72]
    f9400b45             ldr x5, [x26, #16]
    fd002e68             str d8, [x19, #88]
    cb020021             sub x1, x1, x2
    9b150021             madd x1, x1, x21, x0
    9e660120             fmov x0, d9
    cb000020             sub x0, x1, x0
    f100001f             cmp x0, #0x0
    9a9fa002             csel x2, x0, xzr, ge
    f11ffc1f             cmp x0, #0x7ff
    5400010d             b.le 0x19c
    eb14001f             cmp x0, x20
    9a94d003             csel x3, x0, x20, le
    dac01064             clz x4, x3
    4b040304             sub w4, w24, w4
    93767c82             sbfiz x2, x4, #10, #32
    9ac42863             asr x3, x3, x4
    8b030042             add x2, x2, x3
    f9403e63             ldr x3, [x19, #120]
    9e620000             scvtf d0, x0
    fd405a62             ldr d2, [x19, #176]
    f9405264             ldr x4, [x19, #160]
    fd400061             ldr d1, [x3]
    b86278a0             ldr w0, [x5, x2, lsl #2]
    1e622821             fadd d1, d1, d2
    11000400             add w0, w0, #0x1
    b82278a0             str w0, [x5, x2, lsl #2]
    f9400260             ldr x0, [x19]
    fd000061             str d1, [x3]
    fd400081             ldr d1, [x4]
    91000400             add x0, x0, #0x1
    f9000260             str x0, [x19]
    1e612010             fcmpe d0, d1
    5400026c             b.gt 0x224
    9e670029             fmov d9, x1
    17ffffa2             b 0x68
    29410b20             ldp w0, w2, [x25, #8]
    f9404261             ldr x1, [x19, #128]
    8b020000             add x0, x0, x2
    9e620000             scvtf d0, x0
    fd400021             ldr d1, [x1]
    1e602820             fadd d0, d1, d0
    fd000020             str d0, [x1]
    17ffffd0             b 0x140
    f9405660             ldr x0, [x19, #168]
    b4000140             cbz x0, 0x230
    f9404e60             ldr x0, [x19, #152]
    fd405a61             ldr d1, [x19, #176]
    fd400000             ldr d0, [x0]
    1e612800             fadd d0, d0, d1
    fd000000             str d0, [x0]
    17ffffc8             b 0x140
    9e620028             scvtf d8, x1
    5280005b             mov w27, #0x2
    17ffff97             b 0x88
    5280007b             mov w27, #0x3
    17ffff96             b 0x8c
  `,
};
