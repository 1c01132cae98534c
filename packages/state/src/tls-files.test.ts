import { ConfigurationError } from "@acteon/core";
import { expect, test } from "vitest";
import { noTlsSettings, readTlsFiles } from "./tls-files.ts";

const file = import.meta.filename;

test("what is named is read, and what is not is absent", () => {
  expect(readTlsFiles(noTlsSettings)).toEqual({ ca: undefined, cert: undefined, key: undefined });
  const { ca, cert, key } = readTlsFiles({ caPath: file, certPath: file, keyPath: file });
  for (const content of [ca, cert, key]) expect(content?.toString()).toContain("what is named is read");
});

test.each([
  ["caPath", "state.tls_ca_cert_path"],
  ["certPath", "state.ssl_cert"],
  ["keyPath", "state.ssl_key"],
])("a file of %s that cannot be read is named, with its setting", (name, setting) => {
  const files = { caPath: undefined, certPath: file, keyPath: file, [name]: "/nowhere.pem" };
  expect(() => readTlsFiles(files)).toThrow(`the file /nowhere.pem, named for TLS, cannot be read: correct ${setting}`);
});

test.each([
  { ...noTlsSettings, certPath: file },
  { ...noTlsSettings, keyPath: file },
])("half of a client certificate is refused", (settings) => {
  expect(() => readTlsFiles(settings)).toThrow(ConfigurationError);
});
