/** What the system said, for people. */
import { FileRefusal } from "./bounded.ts";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied; check who owns it",
  EAGAIN: "another process has it; wait for that one and try again",
  EBUSY: "something else uses it; end that and try again",
  EDQUOT: "the disk quota is used up; free some space",
  EEXIST: "it is there already; choose another name or remove it",
  EFBIG: "it would be larger than the system allows; check ulimit -f",
  EINVAL: "the system cannot do that there; choose another folder or file system",
  EIO: "its device reports a fault; check the device, as with dmesg",
  EISDIR: "it is a folder; name a file in it",
  ELOOP: "its links lead round in a circle; check the path",
  EMFILE: "too many files are open; raise the limit of ulimit -n",
  ENAMETOOLONG: "a name in its path is too long; choose a shorter one",
  ENFILE: "too many files are open on this machine; end some programs",
  ENODEV: "its device is not there; check what is mounted",
  ENOENT: "there is no such file or folder; check the path",
  ENOMEM: "there is no memory left; end some programs",
  ENOSPC: "no space is left on the device; free some space",
  ENOTDIR: "a part of its path is not a folder; check the path",
  ENOTEMPTY: "something is in it; empty it first",
  ENXIO: "nobody is at its other end, or its device is not there; name a regular file",
  EPERM: "the system does not permit it; check who owns it and how it is mounted",
  EPIPE: "its other end was closed",
  EROFS: "the file system is read-only; choose another folder",
  ESTALE: "its file system has lost it; mount that anew",
  ETIMEDOUT: "its device or file server does not answer; check it",
  ETXTBSY: "it is a program that runs; end it first",
  EXDEV: "it lies on another file system; choose a place on the same one",
};

/**
 * What an error of the file system means, and how to mend it, as the end of a sentence.
 *
 * @param error What a call of `Deno`, or of this folder, threw.
 */
export function fileReason(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return notAllowed(error);
  }
  if (error instanceof FileRefusal) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (Object.hasOwn(REASONS, code)) return REASONS[code]!;
  if (error instanceof TypeError) return "its name is none that a file can have; choose another";
  const told = /^E[A-Z0-9]{1,20}$/.test(code) ? ` with ${code}` : "";
  return `the system refuses it${told}; check the path and what is mounted there`;
}

/** What Deno does not let its process do; it names the option that would, and "all" for the system's own. */
function notAllowed({ message }: Error): string {
  const option = /--allow-([a-z]+)/.exec(message)?.[1];
  if (option === "all") {
    return "it is of the system's own, as /proc, /sys and /dev are, which Deno keeps programs out of; " +
      "choose another place";
  }
  const doing = option === "read" ? "read" : option === "write" ? "write" : "do that";
  return `this process may not ${doing} there; start it by its deno task, or allow it` +
    (option === undefined ? "" : ` with --allow-${option}`);
}
