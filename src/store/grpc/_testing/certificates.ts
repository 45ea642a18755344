import { run } from "../../../_testing/child.ts";
import { findProgram } from "../../find_program.ts";

/** Files in PEM of a certificate and of its key. */
export interface Certificate {
  certFile: string;
  keyFile: string;
}

/** Who a certificate is for, and when it holds. */
export interface CertificateOptions {
  /** As `subjectAltName` has it. @default "IP:127.0.0.1" */
  names?: string;
  /** The day it ended; absent: it holds today. */
  endedIn?: number;
}

/** An authority that signs what is asked of it. Made by {@linkcode makeAuthority}. */
export interface Authority {
  caFile: string;
  /** One at a time. @param name What its files are called. */
  sign(name: string, options?: CertificateOptions): Promise<Certificate>;
}

/** Whether certificates can be made here. */
export const HAS_OPENSSL = findProgram("openssl") !== undefined;

/** How long openssl may take, s. */
const PATIENCE_S = 20;

/** Makes an authority, whose files are in a folder of its own. @param folder Is there. */
export async function makeAuthority(folder: string, name = "authority"): Promise<Authority> {
  const own = `${folder}/${name}`;
  Deno.mkdirSync(`${own}/signed`, { recursive: true });
  Deno.writeTextFileSync(`${own}/index.txt`, "");
  Deno.writeTextFileSync(
    `${own}/openssl.cnf`,
    [
      "[ca]",
      "default_ca = own",
      "[own]",
      `database = ${own}/index.txt`,
      `new_certs_dir = ${own}/signed`,
      `certificate = ${own}/ca.pem`,
      `private_key = ${own}/ca.key`,
      "rand_serial = yes",
      "default_md = sha256",
      "unique_subject = no",
      "policy = any",
      "[any]",
      "commonName = supplied",
      "[req]",
      "distinguished_name = none",
      "[none]",
      "",
    ].join("\n"),
  );
  const config = ["-config", `${own}/openssl.cnf`];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const isCa = ["-addext", "basicConstraints=critical,CA:TRUE"];
  await openssl(
    ["req", "-x509", ...config, ...key, ...isCa, "-subj", `/CN=${name}`, "-days", "2"],
    ["-keyout", `${own}/ca.key`, "-out", `${own}/ca.pem`],
  );
  return {
    caFile: `${own}/ca.pem`,
    async sign(name, { names = "IP:127.0.0.1", endedIn } = {}) {
      const [certFile, keyFile] = [`${own}/${name}.pem`, `${own}/${name}.key`];
      const [request, extensions] = [`${own}/${name}.csr`, `${own}/${name}.ext`];
      Deno.writeTextFileSync(
        extensions,
        `subjectAltName = ${names}\nextendedKeyUsage = serverAuth, clientAuth\n`,
      );
      await openssl(
        ["req", "-new", ...config, ...key, "-subj", `/CN=${name}`],
        ["-keyout", keyFile, "-out", request],
      );
      const when = endedIn === undefined
        ? ["-days", "1"]
        : ["-startdate", `${endedIn}0101000000Z`, "-enddate", `${endedIn}0102000000Z`];
      await openssl(
        ["ca", "-batch", "-notext", ...config, ...when, "-extfile", extensions],
        ["-in", request, "-out", certFile],
      );
      return { certFile, keyFile };
    },
  };
}

async function openssl(...parts: string[][]): Promise<void> {
  const { code, err } = await run("openssl", parts.flat(), { seconds: PATIENCE_S });
  if (code !== 0) throw new Error(err);
}
