/**
 * Puts `~` for the home directory at the start of a path, so that a recorded path names no user.
 *
 * @param path A path; one outside the home directory is returned as it is.
 * @param home The home directory. Where it is not known, anything that looks like one is hidden.
 */
export function hideHome(path: string, home: string | undefined = homeDirectory()): string {
  const prefix = home?.replace(/\/+$/, "") ||
    path.match(/^(\/home\/[^/]+|\/Users\/[^/]+|\/root)/)?.[0];
  if (!prefix) return path;
  if (path === prefix) return "~";
  return path.startsWith(prefix + "/") ? "~" + path.slice(prefix.length) : path;
}

function homeDirectory(): string | undefined {
  try {
    return Deno.env.get("HOME");
  } catch {
    return undefined;
  }
}
