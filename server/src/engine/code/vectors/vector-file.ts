/** Published test values of one standard, as data. The runner knows every `kind`, runs every case, and fails on others. */
export type VectorFile =
  | {
      readonly title: string;
      readonly kind: "hotp";
      readonly cases: readonly { readonly counter: number; readonly code: string }[];
      /** ASCII text of the key. */
      readonly key: string;
      readonly digits: number;
    }
  | {
      readonly title: string;
      readonly kind: "totp";
      readonly keys: Readonly<Record<"SHA1" | "SHA256" | "SHA512", string>>;
      readonly digits: number;
      readonly periodSeconds: number;
      readonly cases: readonly {
        readonly seconds: number;
        readonly algorithm: "SHA1" | "SHA256" | "SHA512";
        readonly code: string;
      }[];
    }
  | {
      readonly title: string;
      readonly kind: "base32";
      readonly cases: readonly { readonly text: string; readonly padded: string }[];
    };
