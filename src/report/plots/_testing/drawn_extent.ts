/** Where a drawing's marks lie: reads the markup back, for tests. */
import assert from "node:assert/strict";

/** The smallest box around all marks and the labels' anchors. */
export interface Extent {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Reads the markup of a drawing. Fails on a command or a number that plots do not use. */
export function drawnExtent(markup: string): Extent {
  const extent = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  const add = (x: number, y: number) => {
    assert.ok(Number.isFinite(x) && Number.isFinite(y), `a mark at ${x}, ${y}`);
    extent.left = Math.min(extent.left, x);
    extent.right = Math.max(extent.right, x);
    extent.top = Math.min(extent.top, y);
    extent.bottom = Math.max(extent.bottom, y);
  };
  for (const [, name, attributes] of markup.matchAll(/<([a-z]+)((?: [a-zA-Z-]+="[^"]*")*)\/?>/g)) {
    const read = (key: string) => {
      const value = new RegExp(` ${key}="([^"]*)"`).exec(attributes!)?.[1];
      return value === undefined ? undefined : Number(value);
    };
    if (name === "text") add(read("x")!, read("y")!);
    if (name === "circle") {
      add(read("cx")! - read("r")!, read("cy")! - read("r")!);
      add(read("cx")! + read("r")!, read("cy")! + read("r")!);
    }
    if (name === "rect") {
      add(read("x")!, read("y")!);
      add(read("x")! + read("width")!, read("y")! + read("height")!);
    }
    if (name === "path") walk(/ d="([^"]*)"/.exec(attributes!)![1]!, add);
  }
  return extent;
}

function walk(path: string, add: (x: number, y: number) => void): void {
  let [x, y] = [0, 0];
  let read = 0;
  for (const [all, command, rest] of path.matchAll(/([MLHVZmlhvz])([^A-Za-z]*)/g)) {
    read += all!.length;
    const numbers = [...rest!.matchAll(/-?\d*\.?\d+/g)].map(([number]) => Number(number));
    const steps = "HVhv".includes(command!) ? 1 : 2;
    for (let i = 0; i + steps <= numbers.length; i += steps) {
      const [a, b] = [numbers[i]!, numbers[i + 1] ?? 0];
      switch (command) {
        case "M":
        case "L":
          [x, y] = [a, b];
          break;
        case "m":
        case "l":
          [x, y] = [x + a, y + b];
          break;
        case "H":
          x = a;
          break;
        case "h":
          x += a;
          break;
        case "V":
          y = a;
          break;
        case "v":
          y += a;
      }
      add(x, y);
    }
  }
  assert.equal(read, path.length, `what is left of the path ${path}`);
}
