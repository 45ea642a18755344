export { isKernelPath, listKernelFolder, readKernelFile } from "./kernel_files.ts";
export { openLibc } from "./libc.ts";
