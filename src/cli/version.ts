import config from "../../deno.json" with { type: "json" };

/** Tidemark's version. */
export const VERSION: string = config.version;
