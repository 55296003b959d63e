import type { VectorFile } from "./vector-file.ts";

export const rfc4648Section10: VectorFile = {
  title: "RFC 4648 §10: BASE32 test vectors",
  kind: "base32",
  cases: [
    { text: "", padded: "" },
    { text: "f", padded: "MY======" },
    { text: "fo", padded: "MZXQ====" },
    { text: "foo", padded: "MZXW6===" },
    { text: "foob", padded: "MZXW6YQ=" },
    { text: "fooba", padded: "MZXW6YTB" },
    { text: "foobar", padded: "MZXW6YTBOI======" },
  ],
};
