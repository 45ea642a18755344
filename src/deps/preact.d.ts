/**
 * The part of Preact that writes pages, and the elements that pages may have. Preact's own types
 * bring the DOM's global names with them, which a program outside a browser does not have; and with
 * these here an attribute that could act, as `onclick` or `style`, is an error of types.
 */

declare const made: unique symbol;

/** An element, with all that is in it. */
export interface VNode {
  readonly [made]: true;
}

/** What may stand in an element by itself: of `null`, `undefined` and booleans nothing is written. */
export type ComponentChild = VNode | string | number | boolean | null | undefined;

/** What may stand in an element. */
export type ComponentChildren = ComponentChild | readonly ComponentChildren[];

/** An element by its name; JSX knows most names, but for Atom's and the plots'. */
export function h(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: ComponentChildren[]
): VNode;

/** Several children without an element around them. */
export function Fragment(props: { children?: ComponentChildren }): VNode;

/** What JSX is checked by. */
export namespace JSX {
  type Element = VNode;
  type ElementType = keyof IntrinsicElements | ((props: never) => ComponentChildren);
  interface ElementChildrenAttribute {
    children: unknown;
  }

  /** What every element may have. */
  type Global = {
    children?: ComponentChildren;
    id?: string | undefined;
    class?: string | undefined;
    role?: string | undefined;
    tabindex?: 0;
    hidden?: boolean;
  } & { [name: `aria-${string}` | `data-${string}`]: string | number | undefined };

  /** An element with some attributes of its own. */
  type With<Own extends string> = Global & { [name in Own]?: string | number | undefined };

  /** What stands in an element as it is: only for what this program itself has made. */
  type Verbatim = Global & { dangerouslySetInnerHTML: { __html: string } };

  interface IntrinsicElements {
    html: With<"lang">;
    head: Global;
    meta: With<"charset" | "name" | "content" | "http-equiv">;
    title: Global;
    link: With<"rel" | "type" | "title" | "href">;
    style: Verbatim | Global;
    script: Verbatim & { type?: "application/json" };
    noscript: Global;
    body: Global;
    main: Global;
    nav: Global;
    h1: Global;
    h2: Global;
    h3: Global;
    p: Global;
    div: Global;
    span: Global;
    strong: Global;
    em: Global;
    code: Global;
    pre: Global;
    br: Global;
    wbr: Global;
    a: With<"href" | "download" | "type">;
    ul: Global;
    ol: Global;
    li: Global;
    dl: Global;
    dt: Global;
    dd: Global;
    details: Global & { open?: boolean };
    summary: Global;
    table: Global;
    thead: Global;
    tbody: Global;
    tr: Global;
    th: With<"scope">;
    td: Global;
    figure: Global;
    figcaption: Global;
    form: Global;
    label: Global;
    input: With<"type" | "placeholder" | "autocomplete">;
    select: Global;
    option: With<"value">;
    button: With<"type">;
    svg: With<"xmlns" | "viewBox" | "width" | "height">;
    desc: Global;
    path: With<"d">;
    rect: With<"x" | "y" | "width" | "height" | "rx">;
    circle: With<"cx" | "cy" | "r">;
  }
}
