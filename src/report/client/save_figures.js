// Gives every figure of a page a button that saves it as a file. Run in the reader's browser, without
// modules.
(() => {
  const ROOM = 12;
  const page = getComputedStyle(document.documentElement);

  /** The page's rules for drawings, and its colours as they are now. */
  const styleOf = () => {
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    const plot = rules.filter((rule) => rule.selectorText?.startsWith(".plot "));
    const names = new Set(
      plot.flatMap(({ cssText }) =>
        [...cssText.matchAll(/var\((--[a-z0-9]+)\)/g)].map(([, n]) => n)
      ),
    );
    const colours = [...names].map((name) => `${name}: ${page.getPropertyValue(name)};`).join(" ");
    return [`.plot { ${colours} }`, ...plot.map(({ cssText }) => cssText)].join("\n");
  };

  const fileOf = (svg) => {
    const SVG = "http://www.w3.org/2000/svg";
    const copy = svg.cloneNode(true);
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const [wide, high] = [width + 2 * ROOM, height + 2 * ROOM];
    copy.setAttribute("viewBox", `${-ROOM} ${-ROOM} ${wide} ${high}`);
    copy.setAttribute("width", wide);
    copy.setAttribute("height", high);
    const style = document.createElementNS(SVG, "style");
    style.textContent = styleOf();
    const ground = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x: -ROOM, y: -ROOM, width: wide, height: high })) {
      ground.setAttribute(name, value);
    }
    ground.setAttribute("fill", page.getPropertyValue("--page"));
    copy.prepend(style, ground);
    return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
  };

  const nameOf = (svg) =>
    (svg.ariaLabel ?? "figure").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") ||
    "figure";

  for (const svg of document.querySelectorAll("figure > svg")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "save";
    button.textContent = "Save as SVG";
    button.ariaLabel = `Save as SVG: ${svg.ariaLabel ?? "figure"}`;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      const address = URL.createObjectURL(fileOf(svg));
      link.href = address;
      link.download = `${nameOf(svg)}.svg`;
      link.click();
      // The download has begun by then.
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    });
    svg.parentElement.append(button);
  }
})();
