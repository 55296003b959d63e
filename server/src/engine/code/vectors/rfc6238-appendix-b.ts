import type { VectorFile } from "./vector-file.ts";

export const rfc6238AppendixB: VectorFile = {
  title: "RFC 6238 appendix B: TOTP values (keys as in erratum 2866, as long as the hash)",
  kind: "totp",
  keys: {
    SHA1: "12345678901234567890",
    SHA256: "12345678901234567890123456789012",
    SHA512: "1234567890123456789012345678901234567890123456789012345678901234",
  },
  digits: 8,
  periodSeconds: 30,
  cases: [
    { seconds: 59, algorithm: "SHA1", code: "94287082" },
    { seconds: 59, algorithm: "SHA256", code: "46119246" },
    { seconds: 59, algorithm: "SHA512", code: "90693936" },
    { seconds: 1111111109, algorithm: "SHA1", code: "07081804" },
    { seconds: 1111111109, algorithm: "SHA256", code: "68084774" },
    { seconds: 1111111109, algorithm: "SHA512", code: "25091201" },
    { seconds: 1111111111, algorithm: "SHA1", code: "14050471" },
    { seconds: 1111111111, algorithm: "SHA256", code: "67062674" },
    { seconds: 1111111111, algorithm: "SHA512", code: "99943326" },
    { seconds: 1234567890, algorithm: "SHA1", code: "89005924" },
    { seconds: 1234567890, algorithm: "SHA256", code: "91819424" },
    { seconds: 1234567890, algorithm: "SHA512", code: "93441116" },
    { seconds: 2000000000, algorithm: "SHA1", code: "69279037" },
    { seconds: 2000000000, algorithm: "SHA256", code: "90698825" },
    { seconds: 2000000000, algorithm: "SHA512", code: "38618901" },
    { seconds: 20000000000, algorithm: "SHA1", code: "65353130" },
    { seconds: 20000000000, algorithm: "SHA256", code: "77737706" },
    { seconds: 20000000000, algorithm: "SHA512", code: "47863826" },
  ],
};
