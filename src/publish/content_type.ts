/** What browsers are told that a file is. */
const TYPES: Record<string, string> = {
  atom: "application/atom+xml",
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  md: "text/markdown; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  xml: "application/xml",
};

/** The media type of a file, by the end of its name. */
export function contentType(name: string): string {
  const [, ending = ""] = name.match(/\.([^./]+)$/) ?? [];
  return Object.hasOwn(TYPES, ending) ? TYPES[ending]! : "application/octet-stream";
}
