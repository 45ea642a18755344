// @ts-types="./mvn_artifact_url.d.ts"
export { default } from "npm:mvn-artifact-url@6.1.2";
export type * from "./mvn_artifact_url.d.ts";
