/** What an operator does about the certificate of a server that is not trusted. */
export const certificateHelp = "name its authority in state.tls_ca_cert_path, and the host that it is for in state.url";

/** Whether a connection failed for that, by the codes that Node gives OpenSSL's faults and its own. */
export function isCertificateFault(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    /CERT|ISSUER|LEAF_SIGNATURE/.test(error.code)
  );
}
