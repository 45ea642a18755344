// @ts-types="./preact.d.ts"
export * from "npm:preact@11.2.0";
