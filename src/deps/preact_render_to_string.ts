// @ts-types="./preact_render_to_string.d.ts"
export * from "npm:preact-render-to-string@6.8.2";
