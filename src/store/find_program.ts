import { isFile } from "../disk/mod.ts";

/** Where programs are where no PATH may be read, or an administrator's are not on it. */
const USUAL_PLACES = [
  "/usr/local/bin",
  "/usr/bin",
  "/bin",
  "/usr/sbin",
  "/sbin",
  "/run/current-system/sw/bin",
];

/** A program by its path; `undefined` where it is not on this machine. */
export function findProgram(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "PATH" });
  const places = state === "granted" ? Deno.env.get("PATH")?.split(":") ?? [] : [];
  return [...places.filter((place) => place.startsWith("/")), ...USUAL_PLACES]
    .map((place) => `${place}/${name}`).find(isFile);
}
