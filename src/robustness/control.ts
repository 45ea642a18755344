/** What no text for people may hold: control characters but for tabs and line ends, and bidi marks. */
export const CONTROL: RegExp = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
