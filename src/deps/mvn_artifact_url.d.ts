/** A file of a Maven repository, by its coordinates. */
export interface Artifact {
  groupId: string;
  artifactId: string;
  version: string;
  /** @default "jar" */
  extension?: string;
  classifier?: string;
}

/** The module, which is CommonJS: its function is its own `default`. */
declare const module: {
  /** The artifact's address. @param repository With a slash at its end. @default Maven Central */
  default(artifact: Artifact, repository?: string): Promise<string>;
};
export default module;
