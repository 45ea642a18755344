// @ts-types="./preact_jsx_runtime.d.ts"
export * from "npm:preact@11.2.0/jsx-runtime";
