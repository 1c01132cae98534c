import { execFileSync } from "node:child_process";
import { join } from "node:path";

export interface CertificateFiles {
  readonly certPath: string;
  readonly keyPath: string;
}

/** A certificate that vouches for itself, for two days, in files of a folder. @param host As `subjectAltName` has it: `DNS:localhost`, `IP:127.0.0.1`. */
export function selfSigned(folder: string, name: string, host: string): CertificateFiles {
  const certPath = join(folder, `${name}.crt`);
  const keyPath = join(folder, `${name}.key`);
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=${host}`, "-days", "2"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyPath];
  execFileSync("openssl", ["req", "-x509", ...key, ...subject, "-out", certPath], { stdio: "ignore" });
  return { certPath, keyPath };
}
